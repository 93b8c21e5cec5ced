-- Operations: incidents and what follows from them, and checklists. A closed report stays as it is: what has to be added
-- is an amendment.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain operations.incident_kind as text constraint incident_kind_check check (value in (
  'injury', 'illness', 'fire', 'security', 'theft', 'damage', 'food_safety', 'data_breach', 'near_miss', 'other'));
comment on domain operations.incident_kind is 'What happened.
injury: Somebody was hurt.
illness: Somebody fell ill.
fire: There was fire or smoke.
security: Somebody broke in, threatened or attacked.
theft: Something was stolen.
damage: Something was damaged.
food_safety: Food was not safe.
data_breach: Personal data got into wrong hands.
near_miss: It nearly came to harm.
other: Something else.';
comment on constraint incident_kind_check on domain operations.incident_kind is 'Unknown kind of incident.';

create domain operations.incident_severity as text constraint incident_severity_check check (value in (
  'minor', 'moderate', 'serious', 'critical'));
comment on domain operations.incident_severity is 'How bad an incident was.
minor: No harm done.
moderate: Some harm, soon made good.
serious: Lasting harm, or a doctor was needed.
critical: Somebody died or might have.';
comment on constraint incident_severity_check on domain operations.incident_severity is 'Unknown severity of an incident.';

create domain operations.incident_status as text constraint incident_status_check check (value in (
  'draft', 'reported', 'investigating', 'actions_pending', 'closed', 'amended'));
comment on domain operations.incident_status is 'Where the report of an incident stands.
draft: Being written.
reported: Handed in.
investigating: Somebody is looking into it.
actions_pending: It is clear what happened, and not all that follows is done.
closed: Done, and not changed any more.
amended: Closed, and something was added since.';
comment on constraint incident_status_check on domain operations.incident_status is 'Unknown status of an incident.';

create domain operations.corrective_action_status as text constraint corrective_action_status_check check (value in (
  'open', 'in_progress', 'done', 'verified', 'rejected', 'cancelled'));
comment on domain operations.corrective_action_status is 'Where a corrective action stands.
open: To be done.
in_progress: Being done.
done: Done, as its owner says.
verified: Done, as somebody else found.
rejected: Not done as it should, as somebody else found.
cancelled: Not needed any more.';
comment on constraint corrective_action_status_check on domain operations.corrective_action_status is 'Unknown status of a corrective action.';

create domain operations.checklist_kind as text constraint checklist_kind_check check (value in (
  'opening', 'closing', 'safety', 'hygiene', 'inspection', 'handover', 'vehicle', 'other'));
comment on domain operations.checklist_kind is 'What a checklist is for.
opening: Opening a place.
closing: Closing a place.
safety: Safety of people.
hygiene: Hygiene and food.
inspection: The state of a thing or room.
handover: Handing something over.
vehicle: A vehicle before or after a trip.
other: Something else.';
comment on constraint checklist_kind_check on domain operations.checklist_kind is 'Unknown kind of checklist.';

create domain operations.checklist_run_status as text constraint checklist_run_status_check check (value in (
  'open', 'completed', 'abandoned'));
comment on domain operations.checklist_run_status is 'Where one run through a checklist stands.
open: Being filled in.
completed: Filled in, and not changed any more.
abandoned: Given up.';
comment on constraint checklist_run_status_check on domain operations.checklist_run_status is 'Unknown status of a run.';

-- incident_reports ----------------------------------------------------------------------------------------------------

create table operations.incident_reports (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  location_id uuid not null,
  resource_id uuid,
  booking_order_id uuid,
  occurred_at timestamptz not null,
  kind operations.incident_kind not null,
  severity operations.incident_severity not null,
  title text not null,
  narrative text not null default '',
  involved_parties_enc bytea,
  reported_by_id uuid,
  reported_at timestamptz,
  investigator_id uuid,
  root_cause text,
  is_regulator_notifiable boolean not null default false,
  notify_regulator_by timestamptz,
  regulator_notified_at timestamptz,
  regulator_ref text,
  status operations.incident_status not null default 'draft',
  closed_at timestamptz,
  constraint incident_reports_pkey primary key (biz_id, id),
  constraint incident_reports_number_key unique (biz_id, number),
  constraint incident_reports_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint incident_reports_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint incident_reports_booking_order_id_fkey foreign key (biz_id, booking_order_id)
    references booking.booking_orders (biz_id, id),
  constraint incident_reports_reported_by_id_fkey foreign key (biz_id, reported_by_id)
    references identity.members (biz_id, id),
  constraint incident_reports_investigator_id_fkey foreign key (biz_id, investigator_id)
    references identity.members (biz_id, id),
  constraint incident_reports_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint incident_reports_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint incident_reports_narrative_check check (length(narrative) <= 50000),
  constraint incident_reports_root_cause_check check (btrim(root_cause) <> '' and length(root_cause) <= 10000),
  constraint incident_reports_regulator_ref_check check (btrim(regulator_ref) <> '' and length(regulator_ref) <= 200),
  constraint incident_reports_reported_check check (status = 'draft' or reported_at is not null),
  constraint incident_reports_times_check check (reported_at >= occurred_at),
  constraint incident_reports_regulator_check check (is_regulator_notifiable or num_nonnulls(notify_regulator_by, regulator_notified_at) = 0),
  constraint incident_reports_notified_check check (
    status not in ('closed', 'amended') or not is_regulator_notifiable or regulator_notified_at is not null),
  constraint incident_reports_closed_check check ((status in ('closed', 'amended')) = (closed_at is not null))
);
comment on table operations.incident_reports is 'Something bad that happened, or nearly did, and what is known of it.';
comment on column operations.incident_reports.number is 'Number that staff and authorities use, such as IR-000123.';
comment on column operations.incident_reports.location_id is 'Where it happened.';
comment on column operations.incident_reports.resource_id is 'The room or thing in which or with which it happened.';
comment on column operations.incident_reports.booking_order_id is 'The order of the customer who was concerned.';
comment on column operations.incident_reports.occurred_at is 'When it happened.';
comment on column operations.incident_reports.kind is 'What happened.';
comment on column operations.incident_reports.severity is 'How bad it was.';
comment on column operations.incident_reports.title is 'What happened, in a line.';
comment on column operations.incident_reports.narrative is 'What happened, at length, without the names of those concerned.';
comment on column operations.incident_reports.involved_parties_enc is 'Who was concerned, how to reach them and what they say, sealed.';
comment on column operations.incident_reports.reported_by_id is 'The member who reports it.';
comment on column operations.incident_reports.reported_at is 'When it was handed in.';
comment on column operations.incident_reports.investigator_id is 'The member who looks into it.';
comment on column operations.incident_reports.root_cause is 'What led to it, as was found.';
comment on column operations.incident_reports.is_regulator_notifiable is 'Whether an authority has to be told.';
comment on column operations.incident_reports.notify_regulator_by is 'Until when it has to be told, such as 72 hours after personal data got lost.';
comment on column operations.incident_reports.regulator_notified_at is 'When it was told.';
comment on column operations.incident_reports.regulator_ref is 'Number at the authority.';
comment on column operations.incident_reports.status is 'Where it stands.';
comment on column operations.incident_reports.closed_at is 'When it was closed.';
comment on constraint incident_reports_number_check on operations.incident_reports is 'A number is required, of 60 characters at most.';
comment on constraint incident_reports_title_check on operations.incident_reports is 'A title is required, of 200 characters at most.';
comment on constraint incident_reports_narrative_check on operations.incident_reports is 'The report has 50,000 characters at most.';
comment on constraint incident_reports_root_cause_check on operations.incident_reports is 'A cause is not blank, and of 10,000 characters at most.';
comment on constraint incident_reports_regulator_ref_check on operations.incident_reports is 'A reference is not blank, and of 200 characters at most.';
comment on constraint incident_reports_number_key on operations.incident_reports is 'Another incident has this number.';
comment on constraint incident_reports_reported_check on operations.incident_reports is 'What was handed in says when.';
comment on constraint incident_reports_times_check on operations.incident_reports is 'An incident is reported after it happened.';
comment on constraint incident_reports_regulator_check on operations.incident_reports is 'An authority is told of what it has to be told of.';
comment on constraint incident_reports_notified_check on operations.incident_reports is 'A report is closed after the authority was told.';
comment on constraint incident_reports_closed_check on operations.incident_reports is 'A closed report says when, and no other does.';

call core.install_table('operations.incident_reports', 'T', 'opir', registrable => true);
create index incident_reports_location_id_occurred_at_idx on operations.incident_reports (biz_id, location_id, occurred_at, id);
create index incident_reports_status_occurred_at_idx on operations.incident_reports (biz_id, status, occurred_at, id);
create index incident_reports_notify_regulator_by_idx on operations.incident_reports (biz_id, notify_regulator_by, id)
  where is_regulator_notifiable and regulator_notified_at is null;

create trigger incident_reports_closed_immutable_check
  before update on operations.incident_reports
  for each row when (old.status in ('closed', 'amended')
    and (old.number, old.location_id, old.resource_id, old.booking_order_id, old.occurred_at, old.kind, old.severity,
      old.title, old.narrative, old.involved_parties_enc, old.reported_by_id, old.reported_at, old.investigator_id,
      old.root_cause, old.is_regulator_notifiable, old.notify_regulator_by, old.regulator_notified_at,
      old.regulator_ref, old.closed_at)
      is distinct from (new.number, new.location_id, new.resource_id, new.booking_order_id, new.occurred_at, new.kind, new.severity,
      new.title, new.narrative, new.involved_parties_enc, new.reported_by_id, new.reported_at, new.investigator_id,
      new.root_cause, new.is_regulator_notifiable, new.notify_regulator_by, new.regulator_notified_at,
      new.regulator_ref, new.closed_at))
  execute function availability.refuse_update('incident_reports_closed_immutable_check', 'A closed report is not changed any more; add an amendment.');
comment on trigger incident_reports_closed_immutable_check on operations.incident_reports is 'A closed report is not changed any more; add an amendment.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('incident', 'draft', 'reported', false),
  ('incident', 'reported', 'investigating', false),
  ('incident', 'investigating', 'actions_pending', false),
  ('incident', 'investigating', 'closed', false),
  ('incident', 'actions_pending', 'closed', false),
  ('incident', 'actions_pending', 'investigating', true),
  ('incident', 'closed', 'amended', false);
call core.install_state_machine('operations.incident_reports', 'status', 'incident');

-- incident_amendments -------------------------------------------------------------------------------------------------

create table operations.incident_amendments (
  biz_id uuid not null,
  id uuid not null,
  incident_id uuid not null,
  body text not null,
  reason text not null,
  constraint incident_amendments_pkey primary key (biz_id, id),
  constraint incident_amendments_incident_id_fkey foreign key (biz_id, incident_id)
    references operations.incident_reports (biz_id, id),
  constraint incident_amendments_body_check check (btrim(body) <> '' and length(body) <= 50000),
  constraint incident_amendments_reason_check check (btrim(reason) <> '' and length(reason) <= 2000)
);
comment on table operations.incident_amendments is 'What was added to a report after it was closed.';
comment on column operations.incident_amendments.incident_id is 'The report.';
comment on column operations.incident_amendments.body is 'What is added or put right.';
comment on column operations.incident_amendments.reason is 'Why.';
comment on constraint incident_amendments_body_check on operations.incident_amendments is 'A text is required, of 50,000 characters at most.';
comment on constraint incident_amendments_reason_check on operations.incident_amendments is 'A reason is required, of 2,000 characters at most.';

call core.install_table('operations.incident_amendments', 'J', 'opia');
create index incident_amendments_incident_id_created_at_idx on operations.incident_amendments (biz_id, incident_id, created_at);

call core.configure_graph('operations.incident_amendments', aggregates => false);

-- corrective_actions --------------------------------------------------------------------------------------------------

create table operations.corrective_actions (
  biz_id uuid not null,
  id uuid not null,
  incident_id uuid not null,
  description text not null,
  owner_id uuid not null,
  due_on date not null,
  status operations.corrective_action_status not null default 'open',
  done_at timestamptz,
  verified_by_id uuid,
  verified_at timestamptz,
  evidence_media_id uuid,
  note text,
  constraint corrective_actions_pkey primary key (biz_id, id),
  constraint corrective_actions_incident_id_fkey foreign key (biz_id, incident_id)
    references operations.incident_reports (biz_id, id),
  constraint corrective_actions_owner_id_fkey foreign key (biz_id, owner_id)
    references identity.members (biz_id, id),
  constraint corrective_actions_verified_by_id_fkey foreign key (biz_id, verified_by_id)
    references identity.members (biz_id, id),
  constraint corrective_actions_evidence_media_id_fkey foreign key (biz_id, evidence_media_id)
    references core.media_assets (biz_id, id),
  constraint corrective_actions_description_check check (btrim(description) <> '' and length(description) <= 10000),
  constraint corrective_actions_note_check check (btrim(note) <> '' and length(note) <= 10000),
  constraint corrective_actions_verifier_check check (verified_by_id <> owner_id),
  constraint corrective_actions_done_check check (status not in ('done', 'verified', 'rejected') or done_at is not null),
  constraint corrective_actions_verified_check check (
    (status <> 'verified' or num_nonnulls(verified_by_id, verified_at) = 2) and verified_at >= done_at)
);
comment on table operations.corrective_actions is 'Something that is to be done so that an incident does not happen again.';
comment on column operations.corrective_actions.incident_id is 'The incident.';
comment on column operations.corrective_actions.description is 'What is to be done.';
comment on column operations.corrective_actions.owner_id is 'The member who sees to it.';
comment on column operations.corrective_actions.due_on is 'Until which day.';
comment on column operations.corrective_actions.status is 'Where it stands.';
comment on column operations.corrective_actions.done_at is 'When its owner said that it is done.';
comment on column operations.corrective_actions.verified_by_id is 'The member who found it done or not, another than its owner.';
comment on column operations.corrective_actions.verified_at is 'When that was found.';
comment on column operations.corrective_actions.evidence_media_id is 'A photo or document that shows it.';
comment on column operations.corrective_actions.note is 'What was done, or what is missing.';
comment on constraint corrective_actions_description_check on operations.corrective_actions is 'A description is required, of 10,000 characters at most.';
comment on constraint corrective_actions_note_check on operations.corrective_actions is 'A note is not blank, and of 10,000 characters at most.';
comment on constraint corrective_actions_verifier_check on operations.corrective_actions is 'Nobody verifies what is their own to do.';
comment on constraint corrective_actions_done_check on operations.corrective_actions is 'What is done says when.';
comment on constraint corrective_actions_verified_check on operations.corrective_actions is 'What was verified says by whom and when, and not before it was done.';

call core.install_table('operations.corrective_actions', 'T', 'opca', registrable => true);
create index corrective_actions_due_on_idx on operations.corrective_actions (biz_id, due_on, id)
  where status in ('open', 'in_progress', 'rejected');

create trigger corrective_actions_incident_immutable_check
  before update on operations.corrective_actions
  for each row when (old.incident_id is distinct from new.incident_id)
  execute function availability.refuse_update('corrective_actions_incident_immutable_check', 'An action stays with its incident.');
comment on trigger corrective_actions_incident_immutable_check on operations.corrective_actions is 'An action stays with its incident.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('corrective_action', 'open', 'in_progress', false),
  ('corrective_action', 'open', 'cancelled', true),
  ('corrective_action', 'in_progress', 'done', false),
  ('corrective_action', 'in_progress', 'cancelled', true),
  ('corrective_action', 'done', 'verified', false),
  ('corrective_action', 'done', 'rejected', true),
  ('corrective_action', 'rejected', 'in_progress', false);
call core.install_state_machine('operations.corrective_actions', 'status', 'corrective_action');

-- What belongs to a report ----------------------------------------------------------------------------------------------
-- Whoever adds an action shares a lock on the report that closing it needs: so none is added to a report that is being
-- closed, and none is overlooked.

create function operations.guard_incident_part() returns trigger
language plpgsql as $$
declare
  is_closed boolean;
begin
  select i.status in ('closed', 'amended')
  into is_closed
  from operations.incident_reports i
  where i.biz_id = new.biz_id
    and i.id = new.incident_id
  for share;

  if tg_table_name = 'corrective_actions' and is_closed then
    raise exception using
      errcode = '23514',
      message = 'A closed report gets no more actions.',
      schema = 'operations',
      table = 'corrective_actions',
      column = 'incident_id',
      constraint = 'corrective_actions_open_incident_check';
  elsif tg_table_name = 'incident_amendments' and not is_closed then
    raise exception using
      errcode = '23514',
      message = 'A report that is not closed is changed itself, not amended.',
      schema = 'operations',
      table = 'incident_amendments',
      column = 'incident_id',
      constraint = 'incident_amendments_closed_incident_check';
  end if;
  return new;
end
$$;
comment on function operations.guard_incident_part() is 'Trigger: a report gets actions until it is closed, and amendments after.';

create function operations.guard_incident_closing() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from operations.corrective_actions a
    where a.biz_id = new.biz_id
      and a.incident_id = new.id
      and a.status not in ('verified', 'cancelled')
  ) then
    raise exception using
      errcode = '23514',
      message = 'A report is closed when all its actions are verified.',
      schema = 'operations',
      table = 'incident_reports',
      column = 'status',
      constraint = 'incident_reports_actions_verified_check';
  end if;
  return new;
end
$$;
comment on function operations.guard_incident_closing() is 'Trigger: a report is closed when all its actions are verified.';

create trigger corrective_actions_open_incident_check
  before insert on operations.corrective_actions
  for each row execute function operations.guard_incident_part();
comment on trigger corrective_actions_open_incident_check on operations.corrective_actions is 'A closed report gets no more actions.';
create trigger incident_amendments_closed_incident_check
  before insert on operations.incident_amendments
  for each row execute function operations.guard_incident_part();
comment on trigger incident_amendments_closed_incident_check on operations.incident_amendments is 'A report that is not closed is changed itself, not amended.';
create trigger incident_reports_actions_verified_check
  before update of status on operations.incident_reports
  for each row when (old.status <> 'closed' and new.status = 'closed')
  execute function operations.guard_incident_closing();
comment on trigger incident_reports_actions_verified_check on operations.incident_reports is 'A report is closed when all its actions are verified.';

-- Checklists --------------------------------------------------------------------------------------------------------------
-- Items are a list of objects: key, label, kind (yes_no, number, text, photo), required. Answers are an object by key.

create function operations.has_unanswered(items jsonb, answers jsonb)
  returns boolean
  language sql
  immutable
  parallel safe
as $$
  select exists (
    select
    from jsonb_array_elements(items) as i (item)
    where coalesce((i.item -> 'required')::boolean, false)
      and coalesce(answers -> (i.item ->> 'key'), 'null') = 'null'
  )
$$;
comment on function operations.has_unanswered(jsonb, jsonb) is 'Whether an item of a checklist that needs an answer has none.';

create function operations.are_items(items jsonb)
  returns boolean
  language sql
  immutable
  parallel safe
as $$
  select jsonb_typeof(items) = 'array'
    and jsonb_array_length(items) between 1 and 200
    and (
      select
        bool_and(jsonb_typeof(i.item) = 'object'
          and coalesce(i.item ->> 'key' ~ '^[a-z][a-z0-9_]{0,59}$', false)
          and coalesce(btrim(i.item ->> 'label') <> '', false)
          and coalesce(i.item ->> 'kind' in ('yes_no', 'number', 'text', 'photo'), false)
          and coalesce(jsonb_typeof(i.item -> 'required'), 'boolean') = 'boolean')
        and count(distinct i.item ->> 'key') = count(*)
      from jsonb_array_elements(case jsonb_typeof(items) when 'array' then items else '[]' end) as i (item)
    )
$$;
comment on function operations.are_items(jsonb) is 'Whether this is a list of items of a checklist, each with a key of its own, a label and a kind.';

-- checklists ----------------------------------------------------------------------------------------------------------

create table operations.checklists (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  kind operations.checklist_kind not null,
  items jsonb not null,
  constraint checklists_pkey primary key (biz_id, id),
  constraint checklists_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint checklists_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint checklists_items_check check (operations.are_items(items))
);
comment on table operations.checklists is 'Questions that are gone through at an occasion, such as on opening a place.';
comment on column operations.checklists.code is 'Short name used in imports and integrations, unique among the checklists in use.';
comment on column operations.checklists.name is 'Name shown to staff.';
comment on column operations.checklists.kind is 'What it is for.';
comment on column operations.checklists.items is 'What is asked: a list of objects with key, label, kind (yes_no, number, text or photo) and required.';
comment on constraint checklists_code_check on operations.checklists is 'A code is required, of 60 characters at most.';
comment on constraint checklists_name_check on operations.checklists is 'A name is required, of 200 characters at most.';
comment on constraint checklists_items_check on operations.checklists is 'A checklist has between 1 and 200 items, each with a key of its own, a label, and a kind that is yes_no, number, text or photo.';

call core.install_table('operations.checklists', 'M', 'opcl', registrable => true);
create unique index checklists_code_key on operations.checklists (biz_id, code) where deleted_at is null;
comment on index operations.checklists_code_key is 'Another checklist has this code.';
create index checklists_kind_idx on operations.checklists (biz_id, kind, id);

-- checklist_runs ------------------------------------------------------------------------------------------------------

create table operations.checklist_runs (
  biz_id uuid not null,
  id uuid not null,
  checklist_id uuid not null,
  subject_type text,
  subject_id uuid,
  location_id uuid not null,
  business_date date not null,
  items jsonb not null,
  answers jsonb not null default '{}',
  assignee_id uuid,
  due_at timestamptz,
  status operations.checklist_run_status not null default 'open',
  completed_at timestamptz,
  note text,
  constraint checklist_runs_pkey primary key (biz_id, id),
  constraint checklist_runs_checklist_id_fkey foreign key (biz_id, checklist_id)
    references operations.checklists (biz_id, id),
  constraint checklist_runs_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint checklist_runs_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint checklist_runs_assignee_id_fkey foreign key (biz_id, assignee_id)
    references workforce.staff (biz_id, id),
  constraint checklist_runs_subject_check check (num_nonnulls(subject_type, subject_id) in (0, 2)),
  constraint checklist_runs_answers_check check (jsonb_typeof(answers) = 'object'),
  constraint checklist_runs_note_check check (btrim(note) <> '' and length(note) <= 10000),
  constraint checklist_runs_items_check check (operations.are_items(items)),
  constraint checklist_runs_completed_check check ((status = 'completed') = (completed_at is not null)),
  constraint checklist_runs_answered_check check (status <> 'completed' or not operations.has_unanswered(items, answers))
);
comment on table operations.checklist_runs is 'One run through a checklist, with the answers.';
comment on column operations.checklist_runs.checklist_id is 'The checklist.';
comment on column operations.checklist_runs.subject_type is 'Entity type of what was checked, such as Resource or IncidentReport.';
comment on column operations.checklist_runs.subject_id is 'What was checked, if not the location.';
comment on column operations.checklist_runs.location_id is 'Where.';
comment on column operations.checklist_runs.business_date is 'Business day for which it was done. Never changed.';
comment on column operations.checklist_runs.items is 'The items as they were when the run began.';
comment on column operations.checklist_runs.answers is 'The answers, by key of the item.';
comment on column operations.checklist_runs.assignee_id is 'Who goes through it.';
comment on column operations.checklist_runs.due_at is 'Until when it is to be done.';
comment on column operations.checklist_runs.status is 'Where it stands.';
comment on column operations.checklist_runs.completed_at is 'When it was filled in.';
comment on column operations.checklist_runs.note is 'What was said about it.';
comment on constraint checklist_runs_subject_fkey on operations.checklist_runs is 'What was checked must exist in this tenant.';
comment on constraint checklist_runs_subject_check on operations.checklist_runs is 'What was checked has both a type and an id.';
comment on constraint checklist_runs_answers_check on operations.checklist_runs is 'The answers are a JSON object.';
comment on constraint checklist_runs_note_check on operations.checklist_runs is 'A note is not blank, and of 10,000 characters at most.';
comment on constraint checklist_runs_items_check on operations.checklist_runs is 'The items are those of a checklist.';
comment on constraint checklist_runs_completed_check on operations.checklist_runs is 'A run that was filled in says when, and no other does.';
comment on constraint checklist_runs_answered_check on operations.checklist_runs is 'All items that need an answer must have one.';

call core.install_table('operations.checklist_runs', 'T', 'opcr', registrable => true);
create index checklist_runs_location_id_business_date_idx on operations.checklist_runs (biz_id, location_id, business_date, status, id);

create trigger checklist_runs_day_immutable_check
  before update on operations.checklist_runs
  for each row when ((old.checklist_id, old.location_id, old.business_date, old.items)
      is distinct from (new.checklist_id, new.location_id, new.business_date, new.items))
  execute function availability.refuse_update('checklist_runs_day_immutable_check', 'A run keeps its checklist, its items, its place and its day.');
comment on trigger checklist_runs_day_immutable_check on operations.checklist_runs is 'A run keeps its checklist, its items, its place and its day.';
create trigger checklist_runs_answers_immutable_check
  before update on operations.checklist_runs
  for each row when (old.status <> 'open'
    and (old.answers, old.completed_at)
      is distinct from (new.answers, new.completed_at))
  execute function availability.refuse_update('checklist_runs_answers_immutable_check', 'A run that was filled in is not changed any more.');
comment on trigger checklist_runs_answers_immutable_check on operations.checklist_runs is 'A run that was filled in is not changed any more.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('checklist_run', 'open', 'completed', false),
  ('checklist_run', 'open', 'abandoned', true);
call core.install_state_machine('operations.checklist_runs', 'status', 'checklist_run');
