-- Hospitality: housekeeping, and what guests leave behind. How ready a room is stands with the unit in resources; a task
-- is the work that makes it so.

-- Kinds and statuses --------------------------------------------------------------------------------------------------

create domain hospitality.housekeeping_task_kind as text constraint housekeeping_task_kind_check check (value in (
  'departure', 'stayover', 'deep', 'turndown', 'inspection'));
comment on domain hospitality.housekeeping_task_kind is 'What housekeeping has to do in a room.
departure: Clean it after a guest has left.
stayover: Clean it while a guest stays.
deep: Clean it thoroughly.
turndown: Make it ready for the night.
inspection: Look whether all is in order.';
comment on constraint housekeeping_task_kind_check on domain hospitality.housekeeping_task_kind is 'Unknown kind of housekeeping task.';

create domain hospitality.housekeeping_task_status as text constraint housekeeping_task_status_check check (value in (
  'pending', 'assigned', 'in_progress', 'paused', 'done', 'inspected', 'rejected', 'skipped'));
comment on domain hospitality.housekeeping_task_status is 'Where a task of housekeeping stands.
pending: Nobody has it yet.
assigned: Somebody is to do it.
in_progress: Somebody is doing it.
paused: It was interrupted.
done: It was done, and nobody looked at it yet.
inspected: It was done, and found good.
rejected: It was done, and has to be done again.
skipped: It was left out, such as at the guest''s wish.';
comment on constraint housekeeping_task_status_check on domain hospitality.housekeeping_task_status is 'Unknown status of a housekeeping task.';

create domain hospitality.skip_reason as text constraint skip_reason_check check (value in (
  'do_not_disturb', 'refused', 'not_needed', 'no_time'));
comment on domain hospitality.skip_reason is 'Why a task of housekeeping was left out.
do_not_disturb: The guest did not want to be disturbed.
refused: The guest did not want it.
not_needed: There was nothing to do.
no_time: There was no time for it.';
comment on constraint skip_reason_check on domain hospitality.skip_reason is 'Unknown reason.';

create domain hospitality.lost_item_status as text constraint lost_item_status_check check (value in (
  'found', 'matched', 'returned', 'disposed'));
comment on domain hospitality.lost_item_status is 'Where a thing that was found stands.
found: It is here, and nobody knows whose it is.
matched: Its owner is known.
returned: Its owner has it back.
disposed: It was given away or thrown away.';
comment on constraint lost_item_status_check on domain hospitality.lost_item_status is 'Unknown status of a lost item.';

-- housekeeping_checklists ---------------------------------------------------------------------------------------------

create table hospitality.housekeeping_checklists (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  kind hospitality.housekeeping_task_kind not null,
  unit_type_id uuid,
  items text[] not null,
  est_minutes integer not null,
  constraint housekeeping_checklists_pkey primary key (biz_id, id),
  constraint housekeeping_checklists_unit_type_id_fkey foreign key (biz_id, unit_type_id)
    references resources.unit_types (biz_id, id),
  constraint housekeeping_checklists_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint housekeeping_checklists_items_check check (cardinality(items) between 1 and 200 and array_position(items, null) is null),
  constraint housekeeping_checklists_est_minutes_check check (est_minutes between 1 and 1440)
);
comment on table hospitality.housekeeping_checklists is 'What is to be done for a kind of task, step by step, and how long that takes.';
comment on column hospitality.housekeeping_checklists.name is 'Name shown to staff.';
comment on column hospitality.housekeeping_checklists.kind is 'The kind of task it is for.';
comment on column hospitality.housekeeping_checklists.unit_type_id is 'The room type it is for; none means those that have none of their own.';
comment on column hospitality.housekeeping_checklists.items is 'The steps, in order.';
comment on column hospitality.housekeeping_checklists.est_minutes is 'How many minutes it usually takes.';
comment on constraint housekeeping_checklists_name_check on hospitality.housekeeping_checklists is 'A name is required, of 200 characters at most.';
comment on constraint housekeeping_checklists_items_check on hospitality.housekeeping_checklists is 'A checklist has between 1 and 200 steps.';
comment on constraint housekeeping_checklists_est_minutes_check on hospitality.housekeeping_checklists is 'It takes between 1 minute and a day.';

call core.install_table('hospitality.housekeeping_checklists', 'M', 'hthc');
create unique index housekeeping_checklists_kind_unit_type_id_key on hospitality.housekeeping_checklists (biz_id, kind, unit_type_id) nulls not distinct
  where deleted_at is null;
comment on index hospitality.housekeeping_checklists_kind_unit_type_id_key is 'There already is a checklist for this kind of task and room type.';

-- housekeeping_tasks --------------------------------------------------------------------------------------------------

create table hospitality.housekeeping_tasks (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  location_id uuid not null,
  resource_id uuid not null,
  business_date date not null,
  kind hospitality.housekeeping_task_kind not null,
  stay_id uuid,
  checklist_id uuid,
  items text[] not null default '{}',
  items_done integer[] not null default '{}',
  assignee_id uuid,
  priority integer not null default 0,
  due_at timestamptz,
  est_minutes integer not null default 30,
  status hospitality.housekeeping_task_status not null default 'pending',
  started_at timestamptz,
  finished_at timestamptz,
  minutes integer,
  inspected_by_id uuid,
  skip_reason hospitality.skip_reason,
  note text,
  constraint housekeeping_tasks_pkey primary key (biz_id, id),
  constraint housekeeping_tasks_number_key unique (biz_id, number),
  constraint housekeeping_tasks_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint housekeeping_tasks_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint housekeeping_tasks_stay_id_fkey foreign key (biz_id, stay_id)
    references hospitality.stays (biz_id, id),
  constraint housekeeping_tasks_checklist_id_fkey foreign key (biz_id, checklist_id)
    references hospitality.housekeeping_checklists (biz_id, id),
  constraint housekeeping_tasks_assignee_id_fkey foreign key (biz_id, assignee_id)
    references workforce.staff (biz_id, id),
  constraint housekeeping_tasks_inspected_by_id_fkey foreign key (inspected_by_id)
    references identity.users (id),
  constraint housekeeping_tasks_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint housekeeping_tasks_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint housekeeping_tasks_items_done_check check (1 <= all (items_done) and cardinality(items) >= all (items_done)),
  constraint housekeeping_tasks_minutes_check check (est_minutes between 1 and 1440 and minutes >= 0),
  constraint housekeeping_tasks_assigned_check check (status not in ('assigned', 'in_progress', 'paused') or assignee_id is not null),
  constraint housekeeping_tasks_started_check check (status not in ('in_progress', 'paused', 'done', 'inspected') or started_at is not null),
  constraint housekeeping_tasks_finished_check check (
    (status not in ('done', 'inspected', 'rejected') or finished_at is not null) and finished_at >= started_at),
  constraint housekeeping_tasks_inspected_check check (status <> 'inspected' or inspected_by_id is not null),
  constraint housekeeping_tasks_skipped_check check ((status = 'skipped') = (skip_reason is not null))
);
comment on table hospitality.housekeeping_tasks is 'One thing that housekeeping has to do in a room on a business day.';
comment on column hospitality.housekeeping_tasks.number is 'Number that staff use, such as HK-000123.';
comment on column hospitality.housekeeping_tasks.location_id is 'The hotel.';
comment on column hospitality.housekeeping_tasks.resource_id is 'The room.';
comment on column hospitality.housekeeping_tasks.business_date is 'Business day on which it is due. Never changed.';
comment on column hospitality.housekeeping_tasks.kind is 'What has to be done.';
comment on column hospitality.housekeeping_tasks.stay_id is 'The stay that it is for, or that left the work.';
comment on column hospitality.housekeeping_tasks.checklist_id is 'The checklist it goes by.';
comment on column hospitality.housekeeping_tasks.items is 'The steps, as they were when it was planned.';
comment on column hospitality.housekeeping_tasks.items_done is 'Which steps are done, counted from 1.';
comment on column hospitality.housekeeping_tasks.assignee_id is 'Who does it.';
comment on column hospitality.housekeeping_tasks.priority is 'A higher one is done first; 0 is usual.';
comment on column hospitality.housekeeping_tasks.due_at is 'When it must be done at the latest, such as before an early arrival.';
comment on column hospitality.housekeeping_tasks.est_minutes is 'How many minutes it is planned to take, by which work is shared out.';
comment on column hospitality.housekeeping_tasks.status is 'Where it stands.';
comment on column hospitality.housekeeping_tasks.started_at is 'When it was begun.';
comment on column hospitality.housekeeping_tasks.finished_at is 'When it was last done.';
comment on column hospitality.housekeeping_tasks.minutes is 'How many minutes it took, breaks left out.';
comment on column hospitality.housekeeping_tasks.inspected_by_id is 'Who found it good or not.';
comment on column hospitality.housekeeping_tasks.skip_reason is 'Why it was left out.';
comment on column hospitality.housekeeping_tasks.note is 'What was said about it.';
comment on constraint housekeeping_tasks_number_check on hospitality.housekeeping_tasks is 'A number is required, of 60 characters at most.';
comment on constraint housekeeping_tasks_note_check on hospitality.housekeeping_tasks is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint housekeeping_tasks_number_key on hospitality.housekeeping_tasks is 'Another task has this number.';
comment on constraint housekeeping_tasks_items_done_check on hospitality.housekeeping_tasks is 'What is done is one of the steps.';
comment on constraint housekeeping_tasks_minutes_check on hospitality.housekeeping_tasks is 'It is planned to take between 1 minute and a day, and took no less than nothing.';
comment on constraint housekeeping_tasks_assigned_check on hospitality.housekeeping_tasks is 'Work in hand is in somebody''s hands.';
comment on constraint housekeeping_tasks_started_check on hospitality.housekeeping_tasks is 'What was begun says when.';
comment on constraint housekeeping_tasks_finished_check on hospitality.housekeeping_tasks is 'What was done says when, and not before it was begun.';
comment on constraint housekeeping_tasks_inspected_check on hospitality.housekeeping_tasks is 'What was inspected says by whom.';
comment on constraint housekeeping_tasks_skipped_check on hospitality.housekeeping_tasks is 'A task that was left out says why, and no other does.';

call core.install_table('hospitality.housekeeping_tasks', 'T', 'htht', registrable => true);
create unique index housekeeping_tasks_departure_key on hospitality.housekeeping_tasks (biz_id, resource_id, business_date)
  where kind = 'departure' and status in ('pending', 'assigned', 'in_progress', 'paused', 'done', 'rejected');
comment on index hospitality.housekeeping_tasks_departure_key is 'This room already has to be cleaned after a departure that day.';
create index housekeeping_tasks_location_id_business_date_idx on hospitality.housekeeping_tasks (biz_id, location_id, business_date, status, priority desc, id);
create index housekeeping_tasks_assignee_id_business_date_idx on hospitality.housekeeping_tasks (biz_id, assignee_id, business_date, status);

create trigger housekeeping_tasks_day_immutable_check
  before update on hospitality.housekeeping_tasks
  for each row when ((old.location_id, old.resource_id, old.business_date, old.kind)
      is distinct from (new.location_id, new.resource_id, new.business_date, new.kind))
  execute function availability.refuse_update('housekeeping_tasks_day_immutable_check', 'A task keeps its room, its day and what is to be done.');
comment on trigger housekeeping_tasks_day_immutable_check on hospitality.housekeeping_tasks is 'A task keeps its room, its day and what is to be done.';

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('housekeeping_task', 'pending', 'assigned', false),
  ('housekeeping_task', 'pending', 'skipped', false),
  ('housekeeping_task', 'assigned', 'pending', false),
  ('housekeeping_task', 'assigned', 'in_progress', false),
  ('housekeeping_task', 'assigned', 'skipped', false),
  ('housekeeping_task', 'in_progress', 'paused', false),
  ('housekeeping_task', 'in_progress', 'done', false),
  ('housekeeping_task', 'in_progress', 'skipped', false),
  ('housekeeping_task', 'paused', 'in_progress', false),
  ('housekeeping_task', 'paused', 'done', false),
  ('housekeeping_task', 'paused', 'skipped', false),
  ('housekeeping_task', 'done', 'inspected', false),
  ('housekeeping_task', 'done', 'rejected', true),
  ('housekeeping_task', 'rejected', 'pending', false);
call core.install_state_machine('hospitality.housekeeping_tasks', 'status', 'housekeeping_task');

-- lost_and_found ------------------------------------------------------------------------------------------------------

create table hospitality.lost_and_found (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  location_id uuid not null,
  resource_id uuid,
  found_at timestamptz not null,
  found_by_id uuid,
  description text not null,
  storage_place text,
  stay_id uuid,
  customer_id uuid,
  status hospitality.lost_item_status not null default 'found',
  keep_until date,
  returned_at timestamptz,
  disposed_at timestamptz,
  shipping_ref text,
  note text,
  constraint lost_and_found_pkey primary key (biz_id, id),
  constraint lost_and_found_number_key unique (biz_id, number),
  constraint lost_and_found_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint lost_and_found_resource_id_fkey foreign key (biz_id, resource_id)
    references resources.resources (biz_id, id),
  constraint lost_and_found_found_by_id_fkey foreign key (biz_id, found_by_id)
    references workforce.staff (biz_id, id),
  constraint lost_and_found_stay_id_fkey foreign key (biz_id, stay_id)
    references hospitality.stays (biz_id, id),
  constraint lost_and_found_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint lost_and_found_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint lost_and_found_description_check check (btrim(description) <> '' and length(description) <= 2000),
  constraint lost_and_found_storage_place_check check (btrim(storage_place) <> '' and length(storage_place) <= 200),
  constraint lost_and_found_shipping_ref_check check (btrim(shipping_ref) <> '' and length(shipping_ref) <= 200),
  constraint lost_and_found_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint lost_and_found_owner_check check (status not in ('matched', 'returned') or customer_id is not null),
  constraint lost_and_found_returned_check check ((status = 'returned') = (returned_at is not null)),
  constraint lost_and_found_disposed_check check ((status = 'disposed') = (disposed_at is not null))
);
comment on table hospitality.lost_and_found is 'A thing that somebody left behind and that was found.';
comment on column hospitality.lost_and_found.number is 'Number on its label, such as LF-000123.';
comment on column hospitality.lost_and_found.location_id is 'The location where it was found.';
comment on column hospitality.lost_and_found.resource_id is 'The room or place in which it was found.';
comment on column hospitality.lost_and_found.found_at is 'When it was found.';
comment on column hospitality.lost_and_found.found_by_id is 'Who found it.';
comment on column hospitality.lost_and_found.description is 'What it is and what it looks like.';
comment on column hospitality.lost_and_found.storage_place is 'Where it is kept.';
comment on column hospitality.lost_and_found.stay_id is 'The stay whose guest probably left it.';
comment on column hospitality.lost_and_found.customer_id is 'Whose it is.';
comment on column hospitality.lost_and_found.status is 'Where it stands.';
comment on column hospitality.lost_and_found.keep_until is 'Until which day it is kept.';
comment on column hospitality.lost_and_found.returned_at is 'When its owner got it back.';
comment on column hospitality.lost_and_found.disposed_at is 'When it was given away or thrown away.';
comment on column hospitality.lost_and_found.shipping_ref is 'Number of the parcel in which it was sent.';
comment on column hospitality.lost_and_found.note is 'What was said about it.';
comment on constraint lost_and_found_number_check on hospitality.lost_and_found is 'A number is required, of 60 characters at most.';
comment on constraint lost_and_found_description_check on hospitality.lost_and_found is 'A description is required, of 2,000 characters at most.';
comment on constraint lost_and_found_storage_place_check on hospitality.lost_and_found is 'A place is not blank, and of 200 characters at most.';
comment on constraint lost_and_found_shipping_ref_check on hospitality.lost_and_found is 'A parcel number is not blank, and of 200 characters at most.';
comment on constraint lost_and_found_note_check on hospitality.lost_and_found is 'A note is not blank, and of 2,000 characters at most.';
comment on constraint lost_and_found_number_key on hospitality.lost_and_found is 'Another lost item has this number.';
comment on constraint lost_and_found_owner_check on hospitality.lost_and_found is 'Whose it is must be known before it is matched or returned.';
comment on constraint lost_and_found_returned_check on hospitality.lost_and_found is 'What was returned says when, and nothing else does.';
comment on constraint lost_and_found_disposed_check on hospitality.lost_and_found is 'What was disposed of says when, and nothing else does.';

call core.install_table('hospitality.lost_and_found', 'T', 'htlf', entity_name => 'LostItem', registrable => true);
create index lost_and_found_location_id_status_idx on hospitality.lost_and_found (biz_id, location_id, status, found_at, id);
create index lost_and_found_keep_until_idx on hospitality.lost_and_found (biz_id, keep_until, id)
  where status in ('found', 'matched');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('lost_item', 'found', 'matched', false),
  ('lost_item', 'found', 'disposed', true),
  ('lost_item', 'matched', 'found', false),
  ('lost_item', 'matched', 'returned', false),
  ('lost_item', 'matched', 'disposed', true);
call core.install_state_machine('hospitality.lost_and_found', 'status', 'lost_item');
