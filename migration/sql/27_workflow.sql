-- Workflow: what waits for somebody's decision, what runs in steps over days, and what is made in the background.

create schema workflow;
comment on schema workflow is 'Review queues, workflows, approval policies, and what is made in the background.';

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain workflow.review_item_status as text constraint review_item_status_check check (value in (
  'pending', 'claimed', 'approved', 'rejected', 'escalated', 'withdrawn'));
comment on domain workflow.review_item_status is 'Where something to be reviewed stands.
pending: Waits for somebody.
claimed: Somebody is at it.
approved: Somebody agreed.
rejected: Somebody did not.
escalated: On its way to the next queue.
withdrawn: No longer to be decided, as its subject is gone or changed.';
comment on constraint review_item_status_check on domain workflow.review_item_status is 'Unknown review item status.';

create domain workflow.workflow_definition_status as text constraint workflow_definition_status_check check (value in (
  'draft', 'published', 'retired'));
comment on domain workflow.workflow_definition_status is 'Where a version of a workflow stands.
draft: Being written.
published: New runs follow it.
retired: No new run follows it; those that began go on.';
comment on constraint workflow_definition_status_check on domain workflow.workflow_definition_status is 'Unknown workflow definition status.';

create domain workflow.workflow_instance_status as text constraint workflow_instance_status_check check (value in (
  'running', 'waiting', 'completed', 'failed', 'cancelled', 'compensating', 'compensated'));
comment on domain workflow.workflow_instance_status is 'Where a run of a workflow stands.
running: A step is due or being done.
waiting: Waits for somebody, or for a time.
completed: All steps are done.
failed: A step failed for good.
cancelled: Called off.
compensating: What was done is being undone.
compensated: What was done is undone.';
comment on constraint workflow_instance_status_check on domain workflow.workflow_instance_status is 'Unknown workflow instance status.';

create domain workflow.workflow_step_kind as text constraint workflow_step_kind_check check (value in (
  'human', 'call', 'timer', 'branch'));
comment on domain workflow.workflow_step_kind is 'What a step does.
human: Asks somebody.
call: Calls an operation.
timer: Waits for a time.
branch: Decides which steps follow.';
comment on constraint workflow_step_kind_check on domain workflow.workflow_step_kind is 'Unknown workflow step kind.';

create domain workflow.workflow_step_status as text constraint workflow_step_status_check check (value in (
  'pending', 'running', 'succeeded', 'failed', 'skipped', 'compensated'));
comment on domain workflow.workflow_step_status is 'Where a step stands.
pending: Yet to be done, when its time has come.
running: A worker is at it.
succeeded: Done.
failed: Tried, and failed.
skipped: Not needed.
compensated: Done, and undone.';
comment on constraint workflow_step_status_check on domain workflow.workflow_step_status is 'Unknown workflow step status.';

create domain workflow.decision_kind as text constraint decision_kind_check check (value in (
  'approved', 'rejected', 'escalated', 'claimed', 'released', 'reopened', 'withdrawn', 'retried', 'skipped',
  'cancelled'));
comment on domain workflow.decision_kind is 'What was decided.
approved: Yes.
rejected: No.
escalated: Somebody else shall decide.
claimed: Taken on.
released: Given back undecided.
reopened: Decided before, and to be decided anew.
withdrawn: Not to be decided any more.
retried: To be tried again.
skipped: To be left out.
cancelled: Called off.';
comment on constraint decision_kind_check on domain workflow.decision_kind is 'Unknown decision kind.';

create domain workflow.approval_metric as text constraint approval_metric_check check (value in (
  'always', 'amount', 'discount', 'quantity'));
comment on domain workflow.approval_metric is 'What decides whether an approval is needed.
always: Nothing: it always is.
amount: An amount of money.
discount: A discount, as a part of the price.
quantity: A quantity.';
comment on constraint approval_metric_check on domain workflow.approval_metric is 'Unknown approval metric.';

create domain workflow.deliverable_kind as text constraint deliverable_kind_check check (value in (
  'export', 'report', 'bulk_import', 'document', 'archive'));
comment on domain workflow.deliverable_kind is 'What is made in the background.
export: Data in a file.
report: A report.
bulk_import: A file that is taken over.
document: A printed document.
archive: All data of somebody or of the tenant.';
comment on constraint deliverable_kind_check on domain workflow.deliverable_kind is 'Unknown deliverable kind.';

create domain workflow.deliverable_status as text constraint deliverable_status_check check (value in (
  'queued', 'processing', 'ready', 'delivered', 'expired', 'failed', 'cancelled'));
comment on domain workflow.deliverable_status is 'Where a deliverable stands.
queued: Yet to begin.
processing: Being made.
ready: Made, and can be fetched.
delivered: Fetched.
expired: Made once, and deleted.
failed: Could not be made.
cancelled: Not wanted any more.';
comment on constraint deliverable_status_check on domain workflow.deliverable_status is 'Unknown deliverable status.';

create domain workflow.job_outcome as text constraint job_outcome_check check (value in (
  'succeeded', 'failed', 'skipped'));
comment on domain workflow.job_outcome is 'How a run of a job ended.
succeeded: Well.
failed: With an error.
skipped: Without doing anything, as nothing was due.';
comment on constraint job_outcome_check on domain workflow.job_outcome is 'Unknown job outcome.';

create domain workflow.bulk_operation_status as text constraint bulk_operation_status_check check (value in (
  'queued', 'running', 'completed', 'failed', 'cancelled'));
comment on domain workflow.bulk_operation_status is 'Where a bulk operation stands.
queued: Yet to begin.
running: Working through its items.
completed: Through; items that failed are named in its results.
failed: Broken off by an error.
cancelled: Called off; what was done stays.';
comment on constraint bulk_operation_status_check on domain workflow.bulk_operation_status is 'Unknown bulk operation status.';

-- review_queues -------------------------------------------------------------------------------------------------------

create table workflow.review_queues (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text not null default '',
  claim_ttl_minutes integer not null default 30,
  sla_policy_id uuid,
  requires_four_eyes boolean not null default false,
  next_queue_id uuid,
  is_active boolean not null default true,
  constraint review_queues_pkey primary key (biz_id, id),
  constraint review_queues_sla_policy_id_fkey foreign key (biz_id, sla_policy_id)
    references operations.sla_policies (biz_id, id),
  constraint review_queues_next_queue_id_fkey foreign key (biz_id, next_queue_id)
    references workflow.review_queues (biz_id, id),
  constraint review_queues_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint review_queues_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint review_queues_description_check check (length(description) <= 10000),
  constraint review_queues_claim_ttl_minutes_check check (claim_ttl_minutes between 1 and 10080)
);
comment on table workflow.review_queues is 'Where things of one kind wait for somebody to decide them, such as refunds above a limit.';
comment on column workflow.review_queues.code is 'Short name, unique among the queues in use.';
comment on column workflow.review_queues.name is 'Name shown to staff.';
comment on column workflow.review_queues.description is 'What is decided here, and by which rules.';
comment on column workflow.review_queues.claim_ttl_minutes is 'For how many minutes whoever takes something on keeps it.';
comment on column workflow.review_queues.sla_policy_id is 'By when things must be decided.';
comment on column workflow.review_queues.requires_four_eyes is 'Whether nobody may decide what they asked for themselves.';
comment on column workflow.review_queues.next_queue_id is 'Where things go that are escalated.';
comment on column workflow.review_queues.is_active is 'Whether new things come in.';
comment on constraint review_queues_code_check on workflow.review_queues is 'A code is required, of 60 characters at most.';
comment on constraint review_queues_name_check on workflow.review_queues is 'A name is required, of 200 characters at most.';
comment on constraint review_queues_description_check on workflow.review_queues is 'The description has 10,000 characters at most.';
comment on constraint review_queues_claim_ttl_minutes_check on workflow.review_queues is 'Something is kept for between 1 minute and a week.';

call core.install_table('workflow.review_queues', 'M', 'wkqu', registrable => true);
create unique index review_queues_code_key on workflow.review_queues (biz_id, code) where deleted_at is null;
comment on index workflow.review_queues_code_key is 'Another queue has this code.';

call core.install_acyclic('workflow.review_queues', 'next_queue_id');

-- review_queue_roles --------------------------------------------------------------------------------------------------

create table workflow.review_queue_roles (
  biz_id uuid not null,
  queue_id uuid not null,
  role_id uuid not null,
  constraint review_queue_roles_pkey primary key (biz_id, queue_id, role_id),
  constraint review_queue_roles_queue_id_fkey foreign key (biz_id, queue_id)
    references workflow.review_queues (biz_id, id),
  constraint review_queue_roles_role_id_fkey foreign key (biz_id, role_id)
    references identity.roles (biz_id, id)
);
comment on table workflow.review_queue_roles is 'That people of a role may decide what waits in a queue.';
comment on column workflow.review_queue_roles.queue_id is 'The queue.';
comment on column workflow.review_queue_roles.role_id is 'The role.';

call core.install_table('workflow.review_queue_roles', 'L', null);

-- review_queue_items --------------------------------------------------------------------------------------------------

create table workflow.review_queue_items (
  biz_id uuid not null,
  id uuid not null,
  queue_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  title text not null,
  priority smallint not null default 100,
  payload jsonb not null default '{}',
  requested_by_id uuid,
  requires_four_eyes boolean not null default false,
  due_at timestamptz,
  status workflow.review_item_status not null default 'pending',
  claimed_by_id uuid,
  claim_expires_at timestamptz,
  decided_by_id uuid,
  decided_at timestamptz,
  decision_note text,
  reopened_count integer not null default 0,
  constraint review_queue_items_pkey primary key (biz_id, id),
  constraint review_queue_items_queue_id_fkey foreign key (biz_id, queue_id)
    references workflow.review_queues (biz_id, id),
  constraint review_queue_items_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint review_queue_items_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint review_queue_items_claimed_by_id_fkey foreign key (claimed_by_id)
    references identity.users (id),
  constraint review_queue_items_decided_by_id_fkey foreign key (decided_by_id)
    references identity.users (id),
  constraint review_queue_items_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint review_queue_items_decision_note_check check (
    btrim(decision_note) <> '' and length(decision_note) <= 10000),
  constraint review_queue_items_priority_check check (priority between 0 and 1000),
  constraint review_queue_items_payload_check check (jsonb_typeof(payload) = 'object'),
  constraint review_queue_items_claimed_check check (
    num_nonnulls(claimed_by_id, claim_expires_at) = case when status = 'claimed' then 2 else 0 end),
  constraint review_queue_items_decided_check check (
    num_nonnulls(decided_by_id, decided_at) = case when status in ('approved', 'rejected') then 2 else 0 end),
  constraint review_queue_items_four_eyes_check check (
    not requires_four_eyes or decided_by_id is null or decided_by_id is distinct from requested_by_id),
  constraint review_queue_items_reopened_count_check check (reopened_count >= 0)
);
comment on table workflow.review_queue_items is 'Something that waits in a queue to be decided.';
comment on column workflow.review_queue_items.queue_id is 'The queue in which it waits, or waited last.';
comment on column workflow.review_queue_items.subject_type is 'Entity type of what is to be decided, such as Refund.';
comment on column workflow.review_queue_items.subject_id is 'What is to be decided: its id.';
comment on column workflow.review_queue_items.title is 'What is asked, in a line.';
comment on column workflow.review_queue_items.priority is 'Lower ones come first.';
comment on column workflow.review_queue_items.payload is 'What whoever decides should see, as it was when it came in.';
comment on column workflow.review_queue_items.requested_by_id is 'Who asked; none where the system did.';
comment on column workflow.review_queue_items.requires_four_eyes is 'Whether somebody else than who asked must decide.';
comment on column workflow.review_queue_items.due_at is 'By when it should be decided.';
comment on column workflow.review_queue_items.status is 'Where it stands.';
comment on column workflow.review_queue_items.claimed_by_id is 'Who took it on.';
comment on column workflow.review_queue_items.claim_expires_at is 'When whoever took it on loses it again.';
comment on column workflow.review_queue_items.decided_by_id is 'Who decided.';
comment on column workflow.review_queue_items.decided_at is 'When it was decided.';
comment on column workflow.review_queue_items.decision_note is 'Why it was so decided.';
comment on column workflow.review_queue_items.reopened_count is 'How often it was decided anew.';
comment on constraint review_queue_items_subject_fkey on workflow.review_queue_items is 'What it is about must exist in this tenant.';
comment on constraint review_queue_items_title_check on workflow.review_queue_items is 'A title is required, of 200 characters at most.';
comment on constraint review_queue_items_decision_note_check on workflow.review_queue_items is 'A decision note is not blank, and of 10,000 characters at most.';
comment on constraint review_queue_items_priority_check on workflow.review_queue_items is 'A priority is between 0 and 1,000.';
comment on constraint review_queue_items_payload_check on workflow.review_queue_items is 'A payload is a JSON object.';
comment on constraint review_queue_items_claimed_check on workflow.review_queue_items is 'What is claimed says by whom and until when, and nothing else does.';
comment on constraint review_queue_items_decided_check on workflow.review_queue_items is 'What is decided says by whom and when, and nothing else does.';
comment on constraint review_queue_items_four_eyes_check on workflow.review_queue_items is 'Somebody else than who asked must decide.';
comment on constraint review_queue_items_reopened_count_check on workflow.review_queue_items is 'The count is not negative.';

create unique index review_queue_items_open_key
  on workflow.review_queue_items (biz_id, queue_id, subject_type, subject_id) where status in ('pending', 'claimed', 'escalated');
comment on index workflow.review_queue_items_open_key is 'This already waits in the queue.';
-- The queue in its order; what was taken on and left lying.
create index review_queue_items_board_idx on workflow.review_queue_items (biz_id, queue_id, priority, id)
  where status in ('pending', 'claimed');
create index review_queue_items_claim_expires_at_idx on workflow.review_queue_items (claim_expires_at, biz_id, id)
  where status = 'claimed';
create index review_queue_items_due_at_idx on workflow.review_queue_items (biz_id, due_at, id)
  where status in ('pending', 'claimed');

call core.install_table('workflow.review_queue_items', 'T', 'wkqi', registrable => true);

create trigger review_queue_items_subject_immutable
  before update on workflow.review_queue_items
  for each row when (
    (old.subject_type, old.subject_id, old.requested_by_id, old.payload) is distinct from (new.subject_type,
    new.subject_id, new.requested_by_id, new.payload))
  execute function availability.refuse_update(
    'review_queue_items_subject_immutable_check',
    'What is to be decided is not changed; withdraw it and ask anew.');
create trigger review_queue_items_four_eyes_immutable
  before update on workflow.review_queue_items
  for each row when (old.requires_four_eyes and not new.requires_four_eyes)
  execute function availability.refuse_update(
    'review_queue_items_four_eyes_immutable_check',
    'What needs two people keeps needing them.');

create trigger review_queue_items_taken
  before update on workflow.review_queue_items
  for each row when (old.status = 'claimed' and new.status = 'claimed' and old.claimed_by_id <> new.claimed_by_id)
  execute function availability.refuse_update(
    'review_queue_items_taken_check',
    'Somebody else has already taken this on.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('review_item', 'pending', 'claimed', false),
  ('review_item', 'claimed', 'approved', false),
  ('review_item', 'claimed', 'rejected', true),
  ('review_item', 'claimed', 'escalated', true),
  ('review_item', 'claimed', 'pending', false),
  ('review_item', 'pending', 'escalated', false),
  ('review_item', 'escalated', 'pending', false),
  ('review_item', 'pending', 'withdrawn', false),
  ('review_item', 'claimed', 'withdrawn', false),
  ('review_item', 'approved', 'pending', true),
  ('review_item', 'rejected', 'pending', true);
call core.install_state_machine('workflow.review_queue_items', 'status', 'review_item');

-- workflow_definitions ------------------------------------------------------------------------------------------------

create table workflow.workflow_definitions (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  version_no integer not null default 1,
  name text not null,
  description text not null default '',
  steps jsonb not null default '[]',
  triggers jsonb not null default '[]',
  deadline_minutes integer,
  status workflow.workflow_definition_status not null default 'draft',
  constraint workflow_definitions_pkey primary key (biz_id, id),
  constraint workflow_definitions_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint workflow_definitions_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint workflow_definitions_description_check check (length(description) <= 10000),
  constraint workflow_definitions_version_no_check check (version_no >= 1),
  constraint workflow_definitions_steps_check check (
    jsonb_typeof(steps) = 'array' and (status = 'draft' or jsonb_array_length(steps) > 0)),
  constraint workflow_definitions_triggers_check check (jsonb_typeof(triggers) = 'array'),
  constraint workflow_definitions_deadline_minutes_check check (deadline_minutes > 0)
);
comment on table workflow.workflow_definitions is 'A version of a workflow: its steps, and what starts it.';
comment on column workflow.workflow_definitions.code is 'Short name, the same for all versions.';
comment on column workflow.workflow_definitions.version_no is 'Version, from 1.';
comment on column workflow.workflow_definitions.name is 'Name shown to staff.';
comment on column workflow.workflow_definitions.description is 'What it is for.';
comment on column workflow.workflow_definitions.steps is 'Its steps in order, each with its kind and what it does.';
comment on column workflow.workflow_definitions.triggers is 'Topics of events that start it, each with its condition.';
comment on column workflow.workflow_definitions.deadline_minutes is 'After how many minutes a run is overdue; none means never.';
comment on column workflow.workflow_definitions.status is 'Where it stands.';
comment on constraint workflow_definitions_code_check on workflow.workflow_definitions is 'A code is required, of 60 characters at most.';
comment on constraint workflow_definitions_name_check on workflow.workflow_definitions is 'A name is required, of 200 characters at most.';
comment on constraint workflow_definitions_description_check on workflow.workflow_definitions is 'The description has 10,000 characters at most.';
comment on constraint workflow_definitions_version_no_check on workflow.workflow_definitions is 'Versions begin at 1.';
comment on constraint workflow_definitions_steps_check on workflow.workflow_definitions is 'Steps are a JSON list, which is not empty once published.';
comment on constraint workflow_definitions_triggers_check on workflow.workflow_definitions is 'Triggers are a JSON list.';
comment on constraint workflow_definitions_deadline_minutes_check on workflow.workflow_definitions is 'A run has some time.';

call core.install_table('workflow.workflow_definitions', 'M', 'wkdf', registrable => true);
call core.configure_graph('workflow.workflow_definitions', plain_moves => true);
create unique index workflow_definitions_code_version_no_key
  on workflow.workflow_definitions (biz_id, code, version_no) where deleted_at is null;
comment on index workflow.workflow_definitions_code_version_no_key is 'The workflow already has this version.';
create unique index workflow_definitions_published_key on workflow.workflow_definitions (biz_id, code)
  where status = 'published' and deleted_at is null;
comment on index workflow.workflow_definitions_published_key is 'Another version of the workflow is published; retire it first.';

create trigger workflow_definitions_published_immutable
  before update on workflow.workflow_definitions
  for each row when (
    old.status <> 'draft' and (old.code, old.version_no, old.steps, old.triggers,
    old.deadline_minutes) is distinct from (new.code, new.version_no, new.steps, new.triggers,
    new.deadline_minutes))
  execute function availability.refuse_update(
    'workflow_definitions_published_immutable_check',
    'A published workflow is not changed; make a new version of it.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('workflow_definition', 'draft', 'published', false),
  ('workflow_definition', 'published', 'retired', false);
call core.install_state_machine('workflow.workflow_definitions', 'status', 'workflow_definition');

-- workflow_instances --------------------------------------------------------------------------------------------------

create table workflow.workflow_instances (
  biz_id uuid not null,
  id uuid not null,
  definition_id uuid not null,
  subject_type text,
  subject_id uuid,
  correlation_key text,
  status workflow.workflow_instance_status not null default 'running',
  context jsonb not null default '{}',
  started_at timestamptz not null default now(),
  deadline_at timestamptz,
  finished_at timestamptz,
  error text,
  constraint workflow_instances_pkey primary key (biz_id, id),
  constraint workflow_instances_definition_id_fkey foreign key (biz_id, definition_id)
    references workflow.workflow_definitions (biz_id, id),
  constraint workflow_instances_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint workflow_instances_subject_check check (num_nonnulls(subject_type, subject_id) in (0, 2)),
  constraint workflow_instances_correlation_key_check check (
    btrim(correlation_key) <> '' and length(correlation_key) <= 200),
  constraint workflow_instances_error_check check (btrim(error) <> '' and length(error) <= 10000),
  constraint workflow_instances_context_check check (jsonb_typeof(context) = 'object'),
  constraint workflow_instances_finished_check check (
    (status in ('completed', 'cancelled', 'compensated')) = (finished_at is not null)),
  constraint workflow_instances_error_failed_check check (status <> 'failed' or error is not null)
);
comment on table workflow.workflow_instances is 'One run of a workflow, mostly about something.';
comment on column workflow.workflow_instances.definition_id is 'The version of the workflow that it follows.';
comment on column workflow.workflow_instances.subject_type is 'Entity type of what it is about, if it is about something.';
comment on column workflow.workflow_instances.subject_id is 'What it is about: its id.';
comment on column workflow.workflow_instances.correlation_key is 'What tells it apart, such as the event that started it: with the same key it runs once.';
comment on column workflow.workflow_instances.status is 'Where it stands.';
comment on column workflow.workflow_instances.context is 'What its steps found out for one another.';
comment on column workflow.workflow_instances.started_at is 'When it began.';
comment on column workflow.workflow_instances.deadline_at is 'When it is overdue.';
comment on column workflow.workflow_instances.finished_at is 'When it ended.';
comment on column workflow.workflow_instances.error is 'Why it failed.';
comment on constraint workflow_instances_subject_fkey on workflow.workflow_instances is 'What it is about must exist in this tenant.';
comment on constraint workflow_instances_subject_check on workflow.workflow_instances is 'What it is about has both a type and an id.';
comment on constraint workflow_instances_correlation_key_check on workflow.workflow_instances is 'A correlation key is not blank, and of 200 characters at most.';
comment on constraint workflow_instances_error_check on workflow.workflow_instances is 'An error is not blank, and of 10,000 characters at most.';
comment on constraint workflow_instances_context_check on workflow.workflow_instances is 'A context is a JSON object.';
comment on constraint workflow_instances_finished_check on workflow.workflow_instances is 'A run that ended says when, and no other does.';
comment on constraint workflow_instances_error_failed_check on workflow.workflow_instances is 'A run that failed says why.';

create unique index workflow_instances_correlation_key_key
  on workflow.workflow_instances (biz_id, definition_id, correlation_key) where correlation_key is not null;
comment on index workflow.workflow_instances_correlation_key_key is 'The workflow already ran for this.';
-- What is stuck: overdue, or failed.
create index workflow_instances_deadline_at_idx on workflow.workflow_instances (biz_id, deadline_at, id)
  where status in ('running', 'waiting');
create index workflow_instances_status_idx on workflow.workflow_instances (biz_id, status, started_at, id);

call core.install_table('workflow.workflow_instances', 'T', 'wkin', registrable => true);

create trigger workflow_instances_definition_immutable
  before update on workflow.workflow_instances
  for each row when (old.definition_id <> new.definition_id)
  execute function availability.refuse_update(
    'workflow_instances_definition_immutable_check',
    'A run keeps the version of the workflow with which it began.');

create function workflow.check_definition() returns trigger
language plpgsql as $$
begin
  if (
    select d.status
    from workflow.workflow_definitions d
    where d.biz_id = new.biz_id
      and d.id = new.definition_id
    for share
  ) <> 'published' then
    raise exception using
      errcode = '23514',
      message = 'Only a published workflow is run.',
      schema = 'workflow',
      table = 'workflow_instances',
      column = 'definition_id',
      constraint = 'workflow_instances_published_check';
  end if;
  return new;
end
$$;
comment on function workflow.check_definition() is 'Trigger: a run follows a published workflow.';
create trigger workflow_instances_published
  before insert on workflow.workflow_instances
  for each row execute function workflow.check_definition();

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('instance', 'running', 'waiting', false),
  ('instance', 'waiting', 'running', false),
  ('instance', 'running', 'completed', false),
  ('instance', 'running', 'failed', false),
  ('instance', 'running', 'cancelled', true),
  ('instance', 'waiting', 'completed', false),
  ('instance', 'waiting', 'failed', false),
  ('instance', 'waiting', 'cancelled', true),
  ('instance', 'failed', 'running', false),
  ('instance', 'failed', 'compensating', false),
  ('instance', 'compensating', 'compensated', false),
  ('instance', 'compensating', 'failed', false);
call core.install_state_machine('workflow.workflow_instances', 'status', 'instance');

-- workflow_steps ------------------------------------------------------------------------------------------------------

create table workflow.workflow_steps (
  biz_id uuid not null,
  id uuid not null,
  instance_id uuid not null,
  seq integer not null,
  code text not null,
  kind workflow.workflow_step_kind not null,
  status workflow.workflow_step_status not null default 'pending',
  attempts integer not null default 0,
  max_attempts integer not null default 1,
  next_run_at timestamptz not null default now(),
  lease_owner text,
  lease_expires_at timestamptz,
  review_item_id uuid,
  input jsonb not null default '{}',
  output jsonb,
  compensation jsonb,
  error text,
  started_at timestamptz,
  finished_at timestamptz,
  constraint workflow_steps_pkey primary key (biz_id, id),
  constraint workflow_steps_instance_id_seq_key unique (biz_id, instance_id, seq),
  constraint workflow_steps_instance_id_fkey foreign key (biz_id, instance_id)
    references workflow.workflow_instances (biz_id, id),
  constraint workflow_steps_review_item_id_fkey foreign key (biz_id, review_item_id)
    references workflow.review_queue_items (biz_id, id),
  constraint workflow_steps_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint workflow_steps_lease_owner_check check (btrim(lease_owner) <> '' and length(lease_owner) <= 200),
  constraint workflow_steps_error_check check (btrim(error) <> '' and length(error) <= 10000),
  constraint workflow_steps_seq_check check (seq >= 1),
  constraint workflow_steps_attempts_check check (attempts between 0 and max_attempts),
  constraint workflow_steps_lease_check check (
    num_nonnulls(lease_owner, lease_expires_at) = case when status = 'running' then 2 else 0 end),
  constraint workflow_steps_finished_check check (
    (status in ('succeeded', 'skipped', 'compensated')) = (finished_at is not null)),
  constraint workflow_steps_error_failed_check check (status <> 'failed' or error is not null),
  constraint workflow_steps_review_item_check check (review_item_id is null or kind = 'human'),
  constraint workflow_steps_input_check check (jsonb_typeof(input) = 'object')
);
comment on table workflow.workflow_steps is 'One step of a run. A worker takes it on for a while; should the worker die, another takes it on again.';
comment on column workflow.workflow_steps.instance_id is 'The run.';
comment on column workflow.workflow_steps.seq is 'Its place in the run, from 1.';
comment on column workflow.workflow_steps.code is 'What the definition calls it.';
comment on column workflow.workflow_steps.kind is 'What it does.';
comment on column workflow.workflow_steps.status is 'Where it stands.';
comment on column workflow.workflow_steps.attempts is 'How often it was tried.';
comment on column workflow.workflow_steps.max_attempts is 'How often it is tried at most.';
comment on column workflow.workflow_steps.next_run_at is 'When it is due, or due again.';
comment on column workflow.workflow_steps.lease_owner is 'The worker that is at it.';
comment on column workflow.workflow_steps.lease_expires_at is 'When the worker loses it, unless it says that it is still alive.';
comment on column workflow.workflow_steps.review_item_id is 'Where it asks somebody: what waits in a queue.';
comment on column workflow.workflow_steps.input is 'What it is done with.';
comment on column workflow.workflow_steps.output is 'What came of it.';
comment on column workflow.workflow_steps.compensation is 'How it is undone; none where nothing is to be undone.';
comment on column workflow.workflow_steps.error is 'Why it last failed.';
comment on column workflow.workflow_steps.started_at is 'When it was first tried.';
comment on column workflow.workflow_steps.finished_at is 'When it was done, or left out.';
comment on constraint workflow_steps_code_check on workflow.workflow_steps is 'A code is required, of 60 characters at most.';
comment on constraint workflow_steps_lease_owner_check on workflow.workflow_steps is 'A lease owner is not blank, and of 200 characters at most.';
comment on constraint workflow_steps_error_check on workflow.workflow_steps is 'An error is not blank, and of 10,000 characters at most.';
comment on constraint workflow_steps_instance_id_seq_key on workflow.workflow_steps is 'The run already has a step at this place.';
comment on constraint workflow_steps_seq_check on workflow.workflow_steps is 'Steps are numbered from 1.';
comment on constraint workflow_steps_attempts_check on workflow.workflow_steps is 'A step is not tried more often than it may be.';
comment on constraint workflow_steps_lease_check on workflow.workflow_steps is 'A running step says who is at it and until when, and no other does.';
comment on constraint workflow_steps_finished_check on workflow.workflow_steps is 'A step that is done says when, and no other does.';
comment on constraint workflow_steps_error_failed_check on workflow.workflow_steps is 'A step that failed says why.';
comment on constraint workflow_steps_review_item_check on workflow.workflow_steps is 'Only a step that asks somebody waits in a queue.';
comment on constraint workflow_steps_input_check on workflow.workflow_steps is 'An input is a JSON object.';

-- What workers take on next, of all tenants at once: the worker asks for all of them.
create index workflow_steps_next_run_at_idx on workflow.workflow_steps (next_run_at, biz_id, id)
  where status = 'pending';
create index workflow_steps_lease_expires_at_idx on workflow.workflow_steps (lease_expires_at, biz_id, id)
  where status = 'running';
create index workflow_steps_failed_idx on workflow.workflow_steps (biz_id, next_run_at, id) where status = 'failed';

call core.install_table('workflow.workflow_steps', 'T', 'wkst');

create trigger workflow_steps_taken
  before update on workflow.workflow_steps
  for each row when (old.status = 'running' and new.status = 'running' and old.lease_owner <> new.lease_owner)
  execute function availability.refuse_update('workflow_steps_taken_check', 'Another worker is already at this step.');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('step', 'pending', 'running', false),
  ('step', 'running', 'succeeded', false),
  ('step', 'running', 'failed', false),
  ('step', 'running', 'pending', false),
  ('step', 'running', 'skipped', false),
  ('step', 'failed', 'pending', false),
  ('step', 'pending', 'skipped', false),
  ('step', 'succeeded', 'compensated', false);
call core.install_state_machine('workflow.workflow_steps', 'status', 'step');

-- workflow_decisions --------------------------------------------------------------------------------------------------

create table workflow.workflow_decisions (
  biz_id uuid not null,
  id uuid not null,
  review_item_id uuid,
  step_id uuid,
  queue_id uuid,
  actor_id uuid,
  decision workflow.decision_kind not null,
  reason text,
  decided_at timestamptz not null default now(),
  constraint workflow_decisions_pkey primary key (biz_id, id),
  constraint workflow_decisions_review_item_id_fkey foreign key (biz_id, review_item_id)
    references workflow.review_queue_items (biz_id, id),
  constraint workflow_decisions_step_id_fkey foreign key (biz_id, step_id)
    references workflow.workflow_steps (biz_id, id),
  constraint workflow_decisions_queue_id_fkey foreign key (biz_id, queue_id)
    references workflow.review_queues (biz_id, id),
  constraint workflow_decisions_actor_id_fkey foreign key (actor_id)
    references identity.users (id),
  constraint workflow_decisions_reason_check check (btrim(reason) <> '' and length(reason) <= 10000),
  constraint workflow_decisions_target_check check (num_nonnulls(review_item_id, step_id) = 1),
  constraint workflow_decisions_reason_given_check check (
    reason is not null or decision not in ('rejected', 'escalated', 'reopened'))
);
comment on table workflow.workflow_decisions is 'What somebody decided, about something in a queue or a step of a workflow.';
comment on column workflow.workflow_decisions.review_item_id is 'What waited in a queue.';
comment on column workflow.workflow_decisions.step_id is 'The step of a workflow.';
comment on column workflow.workflow_decisions.queue_id is 'The queue in which it was decided.';
comment on column workflow.workflow_decisions.actor_id is 'Who decided; none where the system did, such as when a claim expired.';
comment on column workflow.workflow_decisions.decision is 'What was decided.';
comment on column workflow.workflow_decisions.reason is 'Why.';
comment on column workflow.workflow_decisions.decided_at is 'When.';
comment on constraint workflow_decisions_reason_check on workflow.workflow_decisions is 'A reason is not blank, and of 10,000 characters at most.';
comment on constraint workflow_decisions_target_check on workflow.workflow_decisions is 'A decision is about something in a queue, or about a step.';
comment on constraint workflow_decisions_reason_given_check on workflow.workflow_decisions is 'Whoever rejects, escalates or reopens says why.';

-- Time to decide, and what was overturned.
create index workflow_decisions_decided_at_idx on workflow.workflow_decisions (biz_id, decided_at, id);

call core.install_table('workflow.workflow_decisions', 'J', 'wkdc');

-- approval_policies ---------------------------------------------------------------------------------------------------

create table workflow.approval_policies (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  subject_kind text not null,
  location_id uuid,
  metric workflow.approval_metric not null default 'always',
  threshold_minor bigint,
  currency char(3),
  threshold_bps integer,
  threshold_quantity numeric(18,6),
  queue_id uuid,
  requires_four_eyes boolean not null default true,
  is_active boolean not null default true,
  constraint approval_policies_pkey primary key (biz_id, id),
  constraint approval_policies_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint approval_policies_currency_fkey foreign key (currency)
    references core.currencies (code),
  constraint approval_policies_queue_id_fkey foreign key (biz_id, queue_id)
    references workflow.review_queues (biz_id, id),
  constraint approval_policies_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint approval_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint approval_policies_subject_kind_check check (btrim(subject_kind) <> '' and length(subject_kind) <= 60),
  constraint approval_policies_subject_kind_name_check check (subject_kind ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint approval_policies_threshold_check check (
    case metric
      when 'amount' then num_nonnulls(threshold_minor, currency) = 2 and num_nonnulls(threshold_bps,
      threshold_quantity) = 0
      when 'discount' then threshold_bps is not null and num_nonnulls(threshold_minor, currency,
      threshold_quantity) = 0
      when 'quantity' then threshold_quantity is not null and num_nonnulls(threshold_minor, currency,
      threshold_bps) = 0
      else num_nonnulls(threshold_minor, currency, threshold_bps, threshold_quantity) = 0 end),
  constraint approval_policies_threshold_range_check check (
    threshold_minor >= 0 and threshold_bps between 0 and 10000 and threshold_quantity >= 0)
);
comment on table workflow.approval_policies is 'From when on something needs approval, such as refunds of more than 100 euros.';
comment on column workflow.approval_policies.code is 'Short name, unique among the policies in use.';
comment on column workflow.approval_policies.name is 'Name shown to staff.';
comment on column workflow.approval_policies.subject_kind is 'Entity type of what needs approval, such as Refund.';
comment on column workflow.approval_policies.location_id is 'The location where it holds; empty for all.';
comment on column workflow.approval_policies.metric is 'What decides whether an approval is needed.';
comment on column workflow.approval_policies.threshold_minor is 'Where an amount decides: approval is needed above so many minor units.';
comment on column workflow.approval_policies.currency is 'Currency of that amount.';
comment on column workflow.approval_policies.threshold_bps is 'Where a discount decides: approval is needed above so many hundredths of a percent.';
comment on column workflow.approval_policies.threshold_quantity is 'Where a quantity decides: approval is needed above it.';
comment on column workflow.approval_policies.queue_id is 'The queue in which requests wait.';
comment on column workflow.approval_policies.requires_four_eyes is 'Whether nobody may approve what they asked for.';
comment on column workflow.approval_policies.is_active is 'Whether it holds.';
comment on constraint approval_policies_code_check on workflow.approval_policies is 'A code is required, of 60 characters at most.';
comment on constraint approval_policies_name_check on workflow.approval_policies is 'A name is required, of 200 characters at most.';
comment on constraint approval_policies_subject_kind_check on workflow.approval_policies is 'A subject kind is required, of 60 characters at most.';
comment on constraint approval_policies_subject_kind_name_check on workflow.approval_policies is 'A kind is the name of an entity, such as Refund.';
comment on constraint approval_policies_threshold_check on workflow.approval_policies is 'A policy has the threshold that its metric asks for, and no other.';
comment on constraint approval_policies_threshold_range_check on workflow.approval_policies is 'A threshold is not negative, and a discount 100 % at most.';

create index approval_policies_subject_kind_idx on workflow.approval_policies (biz_id, subject_kind, id);

call core.install_table('workflow.approval_policies', 'M', 'wkap', registrable => true);
create unique index approval_policies_code_key on workflow.approval_policies (biz_id, code) where deleted_at is null;
comment on index workflow.approval_policies_code_key is 'Another approval policy has this code.';

-- approval_policy_levels ----------------------------------------------------------------------------------------------

create table workflow.approval_policy_levels (
  biz_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  level_no smallint not null default 1,
  role_id uuid not null,
  min_approvals smallint not null default 1,
  constraint approval_policy_levels_pkey primary key (biz_id, id),
  constraint approval_policy_levels_policy_id_fkey foreign key (biz_id, policy_id)
    references workflow.approval_policies (biz_id, id),
  constraint approval_policy_levels_role_id_fkey foreign key (biz_id, role_id)
    references identity.roles (biz_id, id),
  constraint approval_policy_levels_level_no_check check (level_no between 1 and 9),
  constraint approval_policy_levels_min_approvals_check check (min_approvals between 1 and 9)
);
comment on table workflow.approval_policy_levels is 'One level of approval that a policy asks for: of whom, and of how many.';
comment on column workflow.approval_policy_levels.policy_id is 'The policy.';
comment on column workflow.approval_policy_levels.level_no is 'Its place, from 1: a level is asked when the one before agreed.';
comment on column workflow.approval_policy_levels.role_id is 'Who may approve.';
comment on column workflow.approval_policy_levels.min_approvals is 'How many of them must.';
comment on constraint approval_policy_levels_level_no_check on workflow.approval_policy_levels is 'Levels go from 1 to 9.';
comment on constraint approval_policy_levels_min_approvals_check on workflow.approval_policy_levels is 'Between 1 and 9 people must approve.';

call core.install_table('workflow.approval_policy_levels', 'M', 'wkal');
create unique index approval_policy_levels_level_no_role_id_key
  on workflow.approval_policy_levels (biz_id, policy_id, level_no, role_id) where deleted_at is null;
comment on index workflow.approval_policy_levels_level_no_role_id_key is 'This role is already asked at this level.';

-- async_deliverables --------------------------------------------------------------------------------------------------

create table workflow.async_deliverables (
  biz_id uuid not null,
  id uuid not null,
  kind workflow.deliverable_kind not null,
  name text not null,
  format text,
  requested_by_id uuid not null,
  params jsonb not null default '{}',
  status workflow.deliverable_status not null default 'queued',
  progress_bps integer not null default 0,
  rows_count bigint,
  media_id uuid,
  started_at timestamptz,
  ready_at timestamptz,
  delivered_at timestamptz,
  expires_at timestamptz,
  error text,
  constraint async_deliverables_pkey primary key (biz_id, id),
  constraint async_deliverables_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint async_deliverables_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint async_deliverables_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint async_deliverables_format_check check (btrim(format) <> '' and length(format) <= 60),
  constraint async_deliverables_error_check check (btrim(error) <> '' and length(error) <= 10000),
  constraint async_deliverables_params_check check (jsonb_typeof(params) = 'object'),
  constraint async_deliverables_progress_check check (
    progress_bps between 0 and 10000 and (progress_bps = 10000 or status not in ('ready', 'delivered', 'expired'))),
  constraint async_deliverables_rows_count_check check (rows_count >= 0),
  constraint async_deliverables_started_check check (
    started_at is not null or status in ('queued', 'cancelled', 'failed')),
  constraint async_deliverables_ready_check check (
    status not in ('ready', 'delivered') or num_nonnulls(media_id, ready_at, expires_at) = 3),
  constraint async_deliverables_expires_at_check check (expires_at > ready_at),
  constraint async_deliverables_delivered_check check (status <> 'delivered' or delivered_at is not null),
  constraint async_deliverables_error_failed_check check (status <> 'failed' or error is not null)
);
comment on table workflow.async_deliverables is 'Something that takes a while to make, and is fetched when it is ready: an export, a report.';
comment on column workflow.async_deliverables.kind is 'What it is.';
comment on column workflow.async_deliverables.name is 'Name of the file, or what people know it by.';
comment on column workflow.async_deliverables.format is 'Format of the file, such as csv.';
comment on column workflow.async_deliverables.requested_by_id is 'Who wants it; nobody else is shown it unless allowed.';
comment on column workflow.async_deliverables.params is 'What was asked for, such as the filter of an export.';
comment on column workflow.async_deliverables.status is 'Where it stands.';
comment on column workflow.async_deliverables.progress_bps is 'How far it is, in hundredths of a percent.';
comment on column workflow.async_deliverables.rows_count is 'How many rows it has.';
comment on column workflow.async_deliverables.media_id is 'The file.';
comment on column workflow.async_deliverables.started_at is 'When work on it began.';
comment on column workflow.async_deliverables.ready_at is 'When it was made.';
comment on column workflow.async_deliverables.delivered_at is 'When it was first fetched.';
comment on column workflow.async_deliverables.expires_at is 'When the file is deleted.';
comment on column workflow.async_deliverables.error is 'Why it could not be made.';
comment on constraint async_deliverables_name_check on workflow.async_deliverables is 'A name is required, of 200 characters at most.';
comment on constraint async_deliverables_format_check on workflow.async_deliverables is 'A format is not blank, and of 60 characters at most.';
comment on constraint async_deliverables_error_check on workflow.async_deliverables is 'An error is not blank, and of 10,000 characters at most.';
comment on constraint async_deliverables_params_check on workflow.async_deliverables is 'Parameters are a JSON object.';
comment on constraint async_deliverables_progress_check on workflow.async_deliverables is 'Progress is between 0 and 100 %, and 100 % once it is made.';
comment on constraint async_deliverables_rows_count_check on workflow.async_deliverables is 'A number of rows is not negative.';
comment on constraint async_deliverables_started_check on workflow.async_deliverables is 'What is being made says since when.';
comment on constraint async_deliverables_ready_check on workflow.async_deliverables is 'What is ready has a file, and says since when and until when.';
comment on constraint async_deliverables_expires_at_check on workflow.async_deliverables is 'A file is kept for a while.';
comment on constraint async_deliverables_delivered_check on workflow.async_deliverables is 'What was fetched says when.';
comment on constraint async_deliverables_error_failed_check on workflow.async_deliverables is 'What failed says why.';

-- What one asked for, the newest first; what is to be made; what is to be deleted.
create index async_deliverables_expires_at_idx on workflow.async_deliverables (expires_at, biz_id, id)
  where status in ('ready', 'delivered');

call core.install_table('workflow.async_deliverables', 'T', 'wkdl', registrable => true);
create index async_deliverables_requested_by_id_created_at_idx
  on workflow.async_deliverables (biz_id, requested_by_id, created_at, id);
create index async_deliverables_queued_idx on workflow.async_deliverables (created_at, biz_id, id)
  where status = 'queued';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('deliverable', 'queued', 'processing', false),
  ('deliverable', 'processing', 'ready', false),
  ('deliverable', 'ready', 'delivered', false),
  ('deliverable', 'delivered', 'expired', false),
  ('deliverable', 'ready', 'expired', false),
  ('deliverable', 'queued', 'failed', false),
  ('deliverable', 'processing', 'failed', false),
  ('deliverable', 'processing', 'queued', false),
  ('deliverable', 'queued', 'cancelled', false),
  ('deliverable', 'processing', 'cancelled', false);
call core.install_state_machine('workflow.async_deliverables', 'status', 'deliverable');

-- job_runs ------------------------------------------------------------------------------------------------------------

create table workflow.job_runs (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  scheduled_for timestamptz not null,
  worker text,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome workflow.job_outcome,
  stats jsonb,
  error text,
  constraint job_runs_pkey primary key (biz_id, scheduled_for, id),
  constraint job_runs_name_scheduled_for_key unique (biz_id, name, scheduled_for),
  constraint job_runs_name_check check (btrim(name) <> '' and length(name) <= 100),
  constraint job_runs_worker_check check (btrim(worker) <> '' and length(worker) <= 200),
  constraint job_runs_error_check check (btrim(error) <> '' and length(error) <= 10000),
  constraint job_runs_outcome_check check ((finished_at is null) = (outcome is null)),
  constraint job_runs_stats_check check (jsonb_typeof(stats) = 'object'),
  constraint job_runs_error_failed_check check ((outcome = 'failed') is not true or error is not null)
)
partition by range (scheduled_for);
comment on table workflow.job_runs is 'One run of a job by the clock. Its row is written first: whoever writes it runs the job, and all others leave it.';
comment on column workflow.job_runs.name is 'The job, such as bookings.expire_holds.';
comment on column workflow.job_runs.scheduled_for is 'The time for which it runs, the same on all replicas.';
comment on column workflow.job_runs.worker is 'The replica that runs it.';
comment on column workflow.job_runs.started_at is 'When it began.';
comment on column workflow.job_runs.finished_at is 'When it ended; set once.';
comment on column workflow.job_runs.outcome is 'How it ended; none while it runs, or if its worker died.';
comment on column workflow.job_runs.stats is 'What it did, as numbers by name.';
comment on column workflow.job_runs.error is 'Why it failed.';
comment on constraint job_runs_name_check on workflow.job_runs is 'A name is required, of 100 characters at most.';
comment on constraint job_runs_worker_check on workflow.job_runs is 'A worker is not blank, and of 200 characters at most.';
comment on constraint job_runs_error_check on workflow.job_runs is 'An error is not blank, and of 10,000 characters at most.';
comment on constraint job_runs_name_scheduled_for_key on workflow.job_runs is 'The job already runs, or ran, for this time.';
comment on constraint job_runs_outcome_check on workflow.job_runs is 'A run that ended says how.';
comment on constraint job_runs_stats_check on workflow.job_runs is 'Numbers are a JSON object.';
comment on constraint job_runs_error_failed_check on workflow.job_runs is 'A run that failed says why.';

create index job_runs_started_at_idx on workflow.job_runs (biz_id, started_at, id);

call core.install_table('workflow.job_runs', 'P', 'wkjr', bookkeeping => array['finished_at', 'outcome', 'stats', 'error']);

-- bulk_operations -----------------------------------------------------------------------------------------------------

create table workflow.bulk_operations (
  biz_id uuid not null,
  id uuid not null,
  kind text not null,
  requested_by_id uuid not null,
  params jsonb not null default '{}',
  total integer not null,
  ok_count integer not null default 0,
  failed_count integer not null default 0,
  results_media_id uuid,
  status workflow.bulk_operation_status not null default 'queued',
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  constraint bulk_operations_pkey primary key (biz_id, id),
  constraint bulk_operations_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint bulk_operations_results_media_id_fkey foreign key (biz_id, results_media_id)
    references core.media_assets (biz_id, id),
  constraint bulk_operations_kind_check check (btrim(kind) <> '' and length(kind) <= 100),
  constraint bulk_operations_error_check check (btrim(error) <> '' and length(error) <= 10000),
  constraint bulk_operations_kind_name_check check (kind ~ '^[a-z][A-Za-z0-9_.]*$'),
  constraint bulk_operations_params_check check (jsonb_typeof(params) = 'object'),
  constraint bulk_operations_counts_check check (
    total > 0 and ok_count >= 0 and failed_count >= 0 and ok_count + failed_count <= total),
  constraint bulk_operations_completed_check check (status <> 'completed' or ok_count + failed_count = total),
  constraint bulk_operations_finished_check check (
    (status in ('completed', 'failed', 'cancelled')) = (finished_at is not null))
);
comment on table workflow.bulk_operations is 'One change made to many things at once, item by item: what fails does not hold up the rest.';
comment on column workflow.bulk_operations.kind is 'The operation that is done to each, such as resourceUpdate.';
comment on column workflow.bulk_operations.requested_by_id is 'Who asked for it.';
comment on column workflow.bulk_operations.params is 'What is done to each item.';
comment on column workflow.bulk_operations.total is 'How many items there are.';
comment on column workflow.bulk_operations.ok_count is 'How many of them succeeded.';
comment on column workflow.bulk_operations.failed_count is 'How many of them failed.';
comment on column workflow.bulk_operations.results_media_id is 'The file with the result of each item.';
comment on column workflow.bulk_operations.status is 'Where it stands.';
comment on column workflow.bulk_operations.started_at is 'When it began.';
comment on column workflow.bulk_operations.finished_at is 'When it ended.';
comment on column workflow.bulk_operations.error is 'Why it was broken off.';
comment on constraint bulk_operations_kind_check on workflow.bulk_operations is 'A kind is required, of 100 characters at most.';
comment on constraint bulk_operations_error_check on workflow.bulk_operations is 'An error is not blank, and of 10,000 characters at most.';
comment on constraint bulk_operations_kind_name_check on workflow.bulk_operations is 'A kind is the name of an operation.';
comment on constraint bulk_operations_params_check on workflow.bulk_operations is 'Parameters are a JSON object.';
comment on constraint bulk_operations_counts_check on workflow.bulk_operations is 'There is at least one item, and no more are done than there are.';
comment on constraint bulk_operations_completed_check on workflow.bulk_operations is 'A completed operation went through all of its items.';
comment on constraint bulk_operations_finished_check on workflow.bulk_operations is 'An operation that ended says when, and no other does.';

call core.install_table('workflow.bulk_operations', 'T', 'wkbo', registrable => true);
create index bulk_operations_requested_by_id_created_at_idx
  on workflow.bulk_operations (biz_id, requested_by_id, created_at, id);
create index bulk_operations_queued_idx on workflow.bulk_operations (created_at, biz_id, id)
  where status in ('queued', 'running');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('bulk_operation', 'queued', 'running', false),
  ('bulk_operation', 'queued', 'cancelled', false),
  ('bulk_operation', 'running', 'completed', false),
  ('bulk_operation', 'running', 'failed', false),
  ('bulk_operation', 'running', 'cancelled', false);
call core.install_state_machine('workflow.bulk_operations', 'status', 'bulk_operation');

select core.ensure_partitions(3);
