-- Sync: devices that go on working without the server, what they did meanwhile, and what came of it.

create schema sync;
comment on schema sync is
  'Devices that go on working without the server: what they did meanwhile, in which order, and what was at odds with what happened here.';

create domain sync.device_kind as text
  constraint device_kind_check check (
    value in ('till', 'tablet', 'kiosk', 'kitchen_display', 'handheld', 'driver_app')
  );
comment on domain sync.device_kind is
  'What a device is.
till: A cash register.
tablet: A tablet of staff, for example of waiters or housekeepers.
kiosk: A terminal that customers use.
kitchen_display: A screen in a kitchen.
handheld: A scanner in a warehouse or at a gate.
driver_app: The telephone of a driver.';
comment on constraint device_kind_check on domain sync.device_kind is 'Unknown device kind.';

create domain sync.device_status as text
  constraint device_status_check check (value in ('pending', 'active', 'suspended', 'revoked'));
comment on domain sync.device_status is
  'Whether a device is listened to.
pending: Not yet: somebody must let it in.
active: It is.
suspended: Not for now.
revoked: No more; what it still sends is set aside.';
comment on constraint device_status_check on domain sync.device_status is 'Unknown device status.';

create domain sync.op_status as text
  constraint op_status_check check (
    value in ('received', 'deferred', 'quarantined', 'applied', 'duplicate', 'conflict', 'resolved', 'rejected')
  );
comment on domain sync.op_status is
  'What became of something that was done on a device.
received: It came.
deferred: Something that the device did before it has not come yet.
quarantined: It came from a device that had been shut out; somebody must look at it.
applied: It was done here too.
duplicate: It was done already.
conflict: It is at odds with what happened here.
resolved: It was at odds, and somebody or a rule decided.
rejected: It was not done.';
comment on constraint op_status_check on domain sync.op_status is 'Unknown op status.';

create domain sync.conflict_kind as text
  constraint conflict_kind_check check (value in ('version', 'gone', 'rule', 'stock', 'business_date', 'number'));
comment on domain sync.conflict_kind is
  'In which way something is at odds.
version: Somebody else changed the same row.
gone: The row was archived, closed or cancelled.
rule: It breaks a rule here, such as a limit.
stock: There was no more of it.
business_date: It belongs to a day that is closed.
number: Its number is not one that the device was given.';
comment on constraint conflict_kind_check on domain sync.conflict_kind is 'Unknown conflict kind.';

create domain sync.conflict_status as text
  constraint conflict_status_check check (value in ('open', 'resolved', 'dismissed'));
comment on domain sync.conflict_status is
  'How far a decision has come.
open: Nobody has decided.
resolved: Somebody or a rule decided.
dismissed: There was nothing to decide.';
comment on constraint conflict_status_check on domain sync.conflict_status is 'Unknown conflict status.';

create domain sync.resolution_strategy as text
  constraint resolution_strategy_check check (value in ('server', 'client', 'merge', 'manual'));
comment on domain sync.resolution_strategy is
  'How it was decided.
server: What was here counts.
client: What the device did counts.
merge: Of each what the other did not touch.
manual: Something else, by hand.';
comment on constraint resolution_strategy_check on domain sync.resolution_strategy is 'Unknown resolution strategy.';

-- devices ------------------------------------------------------------------------------------------------------------

create table sync.devices (
  biz_id uuid not null,
  id uuid not null,
  device_key text not null,
  name text not null,
  kind sync.device_kind not null,
  location_id uuid,
  member_id uuid,
  status sync.device_status not null default 'pending',
  secret_hash bytea,
  last_seq_acked bigint not null default 0,
  platform text,
  app_version text,
  last_seen_at timestamptz,
  enrolled_at timestamptz,
  reseed_requested_at timestamptz,
  reseeded_at timestamptz,
  deleted_at timestamptz,
  constraint devices_pkey primary key (biz_id, id),
  constraint devices_location_id_fkey foreign key (biz_id, location_id) references core.locations (biz_id, id),
  constraint devices_member_id_fkey foreign key (biz_id, member_id) references identity.members (biz_id, id),
  constraint devices_device_key_check check (btrim(device_key) <> '' and length(device_key) <= 200),
  constraint devices_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint devices_secret_hash_check check (octet_length(secret_hash) = 32),
  constraint devices_platform_check check (btrim(platform) <> '' and length(platform) <= 60),
  constraint devices_app_version_check check (btrim(app_version) <> '' and length(app_version) <= 60),
  constraint devices_last_seq_acked_check check (last_seq_acked >= 0),
  constraint devices_enrolled_check check (
    status = 'pending' or num_nonnulls(enrolled_at, secret_hash) = 2 or status = 'revoked'
  )
);
create unique index devices_device_key_key on sync.devices (biz_id, device_key) where deleted_at is null;
create index devices_location_status_idx on sync.devices (biz_id, location_id, status);
create index devices_last_seen_at_idx on sync.devices (biz_id, last_seen_at) where status = 'active';
comment on table sync.devices is 'A device that can go on working without the server.';
comment on column sync.devices.device_key is 'The mark that the device made for itself when it was set up.';
comment on column sync.devices.name is 'What staff call it, for example Till 2.';
comment on column sync.devices.kind is 'What it is.';
comment on column sync.devices.location_id is 'The location where it stands; empty for one that moves about.';
comment on column sync.devices.member_id is 'The member who carries it, where it is one person''s.';
comment on column sync.devices.status is 'Whether it is listened to.';
comment on column sync.devices.secret_hash is 'SHA-256 of the secret by which it signs in, shown once when it is let in.';
comment on column sync.devices.last_seq_acked is 'The last of its doings that all before it have come and been dealt with. Kept by the database.';
comment on column sync.devices.platform is 'What it runs on, for example Android 15.';
comment on column sync.devices.app_version is 'Version of the app on it.';
comment on column sync.devices.last_seen_at is 'When it last said that it is there.';
comment on column sync.devices.enrolled_at is 'When it was let in.';
comment on column sync.devices.reseed_requested_at is 'When somebody asked that it fetch everything anew; empty when it has.';
comment on column sync.devices.reseeded_at is 'When it last did.';
comment on constraint devices_device_key_check on sync.devices is 'The device key must not be blank, and has at most 200 characters.';
comment on constraint devices_name_check on sync.devices is 'The name must not be blank, and has at most 200 characters.';
comment on constraint devices_secret_hash_check on sync.devices is 'A digest has 32 bytes.';
comment on constraint devices_platform_check on sync.devices is 'The platform must not be blank, and has at most 60 characters.';
comment on constraint devices_app_version_check on sync.devices is 'The app version must not be blank, and has at most 60 characters.';
comment on constraint devices_last_seq_acked_check on sync.devices is 'Doings count from 1.';
comment on constraint devices_enrolled_check on sync.devices is 'A device that was let in says since when, and has a secret.';
comment on index sync.devices_device_key_key is 'This device is known already.';
call core.install_table('sync.devices', 'M', 'sydv', registrable => true);
call core.configure_graph('sync.devices', plain_writes => false, aggregates => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('sync_device', 'pending', 'active', false),
  ('sync_device', 'pending', 'revoked', false),
  ('sync_device', 'active', 'suspended', true),
  ('sync_device', 'active', 'revoked', true),
  ('sync_device', 'suspended', 'active', false),
  ('sync_device', 'suspended', 'revoked', true),
  ('sync_device', 'revoked', 'pending', false);
call core.install_state_machine('sync.devices', 'status', 'sync_device');

create trigger devices_acked_forward
  before update on sync.devices
  for each row when (new.last_seq_acked < old.last_seq_acked)
  execute function core.refuse_update('devices_acked_forward_check', 'What was dealt with stays dealt with.');
create trigger devices_key_immutable
  before update on sync.devices
  for each row when (old.device_key <> new.device_key)
  execute function core.refuse_update('devices_key_immutable_check', 'A device keeps its mark; another one is another device.');

-- offline_ops_journal ------------------------------------------------------------------------------------------------

create table sync.offline_ops_journal (
  biz_id uuid not null,
  id uuid not null,
  device_id uuid not null,
  device_seq bigint not null,
  operation text not null,
  payload jsonb not null default '{}',
  payload_digest bytea not null,
  idempotency_key text not null,
  base_version integer,
  is_money boolean not null default false,
  user_id uuid,
  location_id uuid,
  client_recorded_at timestamptz not null,
  received_at timestamptz not null default now(),
  business_date date,
  is_business_date_adjusted boolean not null default false,
  status sync.op_status not null default 'received',
  settled_at timestamptz,
  duplicate_of_id uuid,
  result_type text,
  result_id uuid,
  error_code text,
  error text,
  constraint offline_ops_journal_pkey primary key (biz_id, id),
  constraint offline_ops_journal_device_id_device_seq_key unique (biz_id, device_id, device_seq),
  constraint offline_ops_journal_device_id_fkey foreign key (biz_id, device_id) references sync.devices (biz_id, id),
  constraint offline_ops_journal_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint offline_ops_journal_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id),
  constraint offline_ops_journal_duplicate_of_id_fkey
    foreign key (biz_id, duplicate_of_id) references sync.offline_ops_journal (biz_id, id),
  constraint offline_ops_journal_result_fkey
    foreign key (biz_id, result_type, result_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint offline_ops_journal_payload_check check (jsonb_typeof(payload) = 'object'),
  constraint offline_ops_journal_payload_digest_check check (octet_length(payload_digest) = 32),
  constraint offline_ops_journal_result_check check (num_nonnulls(result_type, result_id) <> 1),
  constraint offline_ops_journal_error_code_check check (btrim(error_code) <> '' and length(error_code) <= 100),
  constraint offline_ops_journal_error_check check (btrim(error) <> '' and length(error) <= 2000),
  constraint offline_ops_journal_device_seq_check check (device_seq >= 1),
  constraint offline_ops_journal_operation_check check (operation ~ '^[a-z][A-Za-z0-9]{0,99}$'),
  constraint offline_ops_journal_idempotency_key_check check (length(idempotency_key) between 1 and 255),
  constraint offline_ops_journal_settled_check check (
    (status in ('received', 'deferred', 'quarantined')) = (settled_at is null)
  ),
  constraint offline_ops_journal_money_check check (not is_money or status <> 'rejected'),
  constraint offline_ops_journal_duplicate_check check (
    (status = 'duplicate') = (duplicate_of_id is not null) and duplicate_of_id <> id
  ),
  constraint offline_ops_journal_rejected_check check (status <> 'rejected' or error_code is not null)
);
create index offline_ops_journal_idempotency_key_idx on sync.offline_ops_journal (biz_id, device_id, idempotency_key);
create index offline_ops_journal_open_idx on sync.offline_ops_journal (biz_id, device_id, device_seq)
  where status in ('received', 'deferred');
create index offline_ops_journal_status_idx on sync.offline_ops_journal (biz_id, status, received_at)
  where status in ('received', 'deferred', 'quarantined', 'conflict');
comment on table sync.offline_ops_journal is 'One thing that was done on a device without the server, as it came. What the devices did is never changed, and money that was taken is never refused.';
comment on column sync.offline_ops_journal.device_id is 'The device.';
comment on column sync.offline_ops_journal.device_seq is 'Which of its doings it was, from 1 without gaps.';
comment on column sync.offline_ops_journal.operation is 'The mutation, for example saleClose.';
comment on column sync.offline_ops_journal.payload is 'Its input.';
comment on column sync.offline_ops_journal.payload_digest is 'SHA-256 of operation and input in canonical form: the same key with another input is no repetition.';
comment on column sync.offline_ops_journal.idempotency_key is 'The key that the device chose, under which it is done once.';
comment on column sync.offline_ops_journal.base_version is 'The version of the row that the device had, where it changes one.';
comment on column sync.offline_ops_journal.is_money is 'Whether money changed hands. Set by the server, from its list of operations.';
comment on column sync.offline_ops_journal.user_id is 'The user who did it on the device.';
comment on column sync.offline_ops_journal.location_id is 'The location where it was done.';
comment on column sync.offline_ops_journal.client_recorded_at is 'When it was done, by the clock of the device.';
comment on column sync.offline_ops_journal.received_at is 'When it came.';
comment on column sync.offline_ops_journal.business_date is 'The business day it counts for.';
comment on column sync.offline_ops_journal.is_business_date_adjusted is 'Whether that day was taken from when it came, as the device''s clock could not be right.';
comment on column sync.offline_ops_journal.status is 'What became of it.';
comment on column sync.offline_ops_journal.settled_at is 'When it was dealt with.';
comment on column sync.offline_ops_journal.duplicate_of_id is 'The one that it repeats.';
comment on column sync.offline_ops_journal.result_type is 'What came of it: an entity name, for example Sale.';
comment on column sync.offline_ops_journal.result_id is 'Which one: its id.';
comment on column sync.offline_ops_journal.error_code is 'Why it was not done, or what it is at odds with, by the name that callers get.';
comment on column sync.offline_ops_journal.error is 'The same in words.';
comment on constraint offline_ops_journal_payload_check on sync.offline_ops_journal is 'The payload must be a JSON object.';
comment on constraint offline_ops_journal_payload_digest_check on sync.offline_ops_journal is 'A digest has 32 bytes.';
comment on constraint offline_ops_journal_result_fkey on sync.offline_ops_journal is 'Must be an existing result of this tenant.';
comment on constraint offline_ops_journal_result_check on sync.offline_ops_journal is 'A result has a type and an id.';
comment on constraint offline_ops_journal_error_code_check on sync.offline_ops_journal is 'The error code must not be blank, and has at most 100 characters.';
comment on constraint offline_ops_journal_error_check on sync.offline_ops_journal is 'The error must not be blank, and has at most 2,000 characters.';
comment on constraint offline_ops_journal_device_id_device_seq_key on sync.offline_ops_journal is 'This came already.';
comment on constraint offline_ops_journal_device_seq_check on sync.offline_ops_journal is 'Doings count from 1.';
comment on constraint offline_ops_journal_operation_check on sync.offline_ops_journal is 'An operation is the name of a mutation.';
comment on constraint offline_ops_journal_idempotency_key_check on sync.offline_ops_journal is 'A key has 1 to 255 characters.';
comment on constraint offline_ops_journal_settled_check on sync.offline_ops_journal is 'What was dealt with says when, and nothing else does.';
comment on constraint offline_ops_journal_money_check on sync.offline_ops_journal is 'Money that was taken is a fact: it is done, or done with a conflict, and never refused.';
comment on constraint offline_ops_journal_duplicate_check on sync.offline_ops_journal is 'A repetition names what it repeats, and nothing else does.';
comment on constraint offline_ops_journal_rejected_check on sync.offline_ops_journal is 'What was refused says why.';
call core.install_table('sync.offline_ops_journal', 'T', 'syop', entity_name => 'OfflineOp', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('offline_op', 'received', 'applied', false),
  ('offline_op', 'received', 'duplicate', false),
  ('offline_op', 'received', 'conflict', false),
  ('offline_op', 'received', 'deferred', false),
  ('offline_op', 'received', 'quarantined', false),
  ('offline_op', 'received', 'rejected', true),
  ('offline_op', 'deferred', 'received', false),
  ('offline_op', 'deferred', 'applied', false),
  ('offline_op', 'deferred', 'duplicate', false),
  ('offline_op', 'deferred', 'conflict', false),
  ('offline_op', 'deferred', 'quarantined', false),
  ('offline_op', 'deferred', 'rejected', true),
  ('offline_op', 'quarantined', 'received', false),
  ('offline_op', 'quarantined', 'rejected', true),
  ('offline_op', 'conflict', 'resolved', false),
  ('offline_op', 'conflict', 'rejected', true);
call core.install_state_machine('sync.offline_ops_journal', 'status', 'offline_op');

create unique index offline_ops_journal_applied_once_key on sync.offline_ops_journal (biz_id, device_id, idempotency_key)
  where status in ('applied', 'conflict', 'resolved');
comment on index sync.offline_ops_journal_applied_once_key is 'This was done already, under the same key.';

create trigger offline_ops_journal_immutable
  before update on sync.offline_ops_journal
  for each row when (
    (old.device_id, old.device_seq, old.operation, old.payload, old.payload_digest, old.idempotency_key, old.base_version,
      old.client_recorded_at, old.received_at)
      is distinct from
      (new.device_id, new.device_seq, new.operation, new.payload, new.payload_digest, new.idempotency_key, new.base_version,
      new.client_recorded_at, new.received_at)
    or (old.is_money and not new.is_money))
  execute function core.refuse_update(
    'offline_ops_journal_immutable_check', 'What was done on a device is kept as it came.');

create function sync.keep_device_order()
  returns trigger
  language plpgsql
as $$
declare
  acked bigint;
begin
  -- The device's row is locked until the transaction ends: two of its doings are settled one after the other.
  select d.last_seq_acked
  into acked
  from sync.devices d
  where d.biz_id = new.biz_id
    and d.id = new.device_id
  for no key update;

  if new.device_seq > acked + 1 then
    raise exception using
      errcode = '23514',
      message = 'What a device did is dealt with in the order in which it was done.',
      schema = 'sync',
      table = 'offline_ops_journal',
      column = 'device_seq',
      constraint = 'offline_ops_journal_device_order_check';
  elsif new.device_seq = acked + 1 then
    update sync.devices d
    set last_seq_acked = new.device_seq
    where d.biz_id = new.biz_id
      and d.id = new.device_id;
  end if;
  return null;
end
$$;
comment on function sync.keep_device_order() is
  'After something done on a device is settled or set aside: all before it must be, and the device''s count goes up by one.';
create trigger offline_ops_journal_device_order
  after update of status on sync.offline_ops_journal
  for each row when (
    old.status in ('received', 'deferred') and new.status not in ('received', 'deferred'))
  execute function sync.keep_device_order();

create function sync.begin_received()
  returns trigger
  language plpgsql
as $$
begin
  raise exception using
    errcode = '23514',
    message = 'What comes from a device is received first.',
    schema = 'sync',
    table = 'offline_ops_journal',
    column = 'status',
    constraint = 'offline_ops_journal_first_status_check';
end
$$;
comment on function sync.begin_received() is 'Refuses something from a device that is settled as it comes, past the order.';
create trigger offline_ops_journal_first_status
  before insert on sync.offline_ops_journal
  for each row when (new.status not in ('received', 'deferred'))
  execute function sync.begin_received();

-- offline_merge_conflicts --------------------------------------------------------------------------------------------

create table sync.offline_merge_conflicts (
  biz_id uuid not null,
  id uuid not null,
  op_id uuid not null,
  kind sync.conflict_kind not null,
  subject_type text,
  subject_id uuid,
  base_version integer,
  server_version integer,
  field_diffs jsonb not null default '{}',
  status sync.conflict_status not null default 'open',
  assigned_member_id uuid,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  constraint offline_merge_conflicts_pkey primary key (biz_id, id),
  constraint offline_merge_conflicts_op_id_fkey
    foreign key (biz_id, op_id) references sync.offline_ops_journal (biz_id, id),
  constraint offline_merge_conflicts_subject_fkey
    foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint offline_merge_conflicts_assigned_member_id_fkey
    foreign key (biz_id, assigned_member_id) references identity.members (biz_id, id),
  constraint offline_merge_conflicts_subject_check check (num_nonnulls(subject_type, subject_id) <> 1),
  constraint offline_merge_conflicts_field_diffs_check check (jsonb_typeof(field_diffs) = 'object'),
  constraint offline_merge_conflicts_decided_check check ((status = 'open') = (decided_at is null)),
  constraint offline_merge_conflicts_versions_check check (base_version >= 1 and server_version >= 1)
);
create unique index offline_merge_conflicts_open_key
  on sync.offline_merge_conflicts (biz_id, op_id, kind, subject_type, subject_id) nulls not distinct
  where status = 'open';
create index offline_merge_conflicts_open_idx on sync.offline_merge_conflicts (biz_id, created_at)
  where status = 'open';
comment on table sync.offline_merge_conflicts is 'That something done on a device is at odds with what happened here.';
comment on column sync.offline_merge_conflicts.op_id is 'What was done on the device.';
comment on column sync.offline_merge_conflicts.kind is 'In which way.';
comment on column sync.offline_merge_conflicts.subject_type is 'What it is about: an entity name, for example BookingOrder.';
comment on column sync.offline_merge_conflicts.subject_id is 'Which one: its id.';
comment on column sync.offline_merge_conflicts.base_version is 'The version of it that the device had.';
comment on column sync.offline_merge_conflicts.server_version is 'The version of it that was here.';
comment on column sync.offline_merge_conflicts.field_diffs is 'What differs, by field: {"base", "device", "server"}.';
comment on column sync.offline_merge_conflicts.status is 'How far the decision has come.';
comment on column sync.offline_merge_conflicts.assigned_member_id is 'The member who is to decide.';
comment on column sync.offline_merge_conflicts.decided_at is 'When it was decided.';
comment on constraint offline_merge_conflicts_subject_fkey on sync.offline_merge_conflicts is 'Must be an existing subject of this tenant.';
comment on constraint offline_merge_conflicts_subject_check on sync.offline_merge_conflicts is 'A subject has a type and an id.';
comment on constraint offline_merge_conflicts_field_diffs_check on sync.offline_merge_conflicts is 'The field diffs must be a JSON object.';
comment on constraint offline_merge_conflicts_decided_check on sync.offline_merge_conflicts is 'What was decided says when, and nothing else does.';
comment on constraint offline_merge_conflicts_versions_check on sync.offline_merge_conflicts is 'Versions count from 1.';
comment on index sync.offline_merge_conflicts_open_key is 'This is open for a decision already.';
call core.install_table('sync.offline_merge_conflicts', 'T', 'sycf', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('offline_merge_conflict', 'open', 'resolved', false),
  ('offline_merge_conflict', 'open', 'dismissed', true),
  ('offline_merge_conflict', 'dismissed', 'open', true);
call core.install_state_machine('sync.offline_merge_conflicts', 'status', 'offline_merge_conflict');

-- offline_resolution_events ------------------------------------------------------------------------------------------

create table sync.offline_resolution_events (
  biz_id uuid not null,
  id uuid not null,
  conflict_id uuid not null,
  strategy sync.resolution_strategy not null,
  actor_id uuid default nullif(current_setting('app.user_id', true), '')::uuid,
  result jsonb not null default '{}',
  note text,
  occurred_at timestamptz not null default now(),
  constraint offline_resolution_events_pkey primary key (biz_id, id),
  constraint offline_resolution_events_conflict_id_fkey
    foreign key (biz_id, conflict_id) references sync.offline_merge_conflicts (biz_id, id),
  constraint offline_resolution_events_result_check check (jsonb_typeof(result) = 'object'),
  constraint offline_resolution_events_note_check check (btrim(note) <> '' and length(note) <= 2000),
  constraint offline_resolution_events_manual_check check (strategy <> 'manual' or actor_id is not null)
);
comment on table sync.offline_resolution_events is 'How something that was at odds was decided.';
comment on column sync.offline_resolution_events.conflict_id is 'What was at odds.';
comment on column sync.offline_resolution_events.strategy is 'How it was decided.';
comment on column sync.offline_resolution_events.actor_id is 'The user who decided; empty where a rule did.';
comment on column sync.offline_resolution_events.result is 'What was written in the end, by field.';
comment on column sync.offline_resolution_events.note is 'What else there is to say of it.';
comment on column sync.offline_resolution_events.occurred_at is 'When it was decided.';
comment on constraint offline_resolution_events_result_check on sync.offline_resolution_events is 'The result must be a JSON object.';
comment on constraint offline_resolution_events_note_check on sync.offline_resolution_events is 'The note must not be blank, and has at most 2,000 characters.';
comment on constraint offline_resolution_events_manual_check on sync.offline_resolution_events is 'What was decided by hand says by whom.';
call core.install_table('sync.offline_resolution_events', 'J', 'syre');

create function sync.check_resolution()
  returns trigger
  language plpgsql
as $$
begin
  if not exists (
    select
    from sync.offline_resolution_events e
    where e.biz_id = new.biz_id
      and e.conflict_id = new.id
  ) then
    raise exception using
      errcode = '23514',
      message = 'What was resolved says how.',
      schema = 'sync',
      table = 'offline_merge_conflicts',
      column = 'status',
      constraint = 'offline_merge_conflicts_resolution_check';
  end if;
  return null;
end
$$;
comment on function sync.check_resolution() is 'At the end of a transaction that resolved a conflict: there is an event that says how.';
create constraint trigger offline_merge_conflicts_resolution_check
  after update of status on sync.offline_merge_conflicts
  deferrable initially deferred
  for each row when (new.status = 'resolved' and old.status <> 'resolved')
  execute function sync.check_resolution();
comment on constraint offline_merge_conflicts_resolution_check on sync.offline_merge_conflicts is 'What was resolved says how.';

-- number_blocks ------------------------------------------------------------------------------------------------------

create table sync.number_blocks (
  biz_id uuid not null,
  id uuid not null,
  device_id uuid not null,
  sequence_id uuid not null,
  first_number bigint not null,
  last_number bigint not null,
  used_to bigint not null,
  allocated_at timestamptz not null default now(),
  returned_at timestamptz,
  constraint number_blocks_pkey primary key (biz_id, id),
  constraint number_blocks_device_id_fkey foreign key (biz_id, device_id) references sync.devices (biz_id, id),
  constraint number_blocks_sequence_id_fkey
    foreign key (biz_id, sequence_id) references core.number_sequences (biz_id, id),
  constraint number_blocks_numbers_check check (
    first_number >= 1 and last_number >= first_number and last_number - first_number < 1000000
  ),
  constraint number_blocks_used_to_check check (used_to between first_number - 1 and last_number),
  constraint number_blocks_no_overlap_excl
    exclude using gist (
      biz_id with =, sequence_id with =,
      int8range(first_number, case when returned_at is null then last_number else used_to end + 1, '[)') with &&
    )
);
create index number_blocks_open_idx on sync.number_blocks (biz_id, device_id, sequence_id) where returned_at is null;
comment on table sync.number_blocks is 'Numbers of documents that a device was given to use without the server.';
comment on column sync.number_blocks.device_id is 'The device.';
comment on column sync.number_blocks.sequence_id is 'The counter that they were taken from.';
comment on column sync.number_blocks.first_number is 'The first of them.';
comment on column sync.number_blocks.last_number is 'The last of them.';
comment on column sync.number_blocks.used_to is 'The last that the device used; one before the first where none.';
comment on column sync.number_blocks.allocated_at is 'When the device got them.';
comment on column sync.number_blocks.returned_at is 'When those not used were given back; they can then be given out again.';
comment on constraint number_blocks_numbers_check on sync.number_blocks is 'A block has 1 to 1,000,000 numbers, from 1 on.';
comment on constraint number_blocks_used_to_check on sync.number_blocks is 'A device uses its own numbers.';
comment on constraint number_blocks_no_overlap_excl on sync.number_blocks is 'Some of these numbers were given to a device already.';
call core.install_table('sync.number_blocks', 'T', 'synb');

create function sync.check_number_block()
  returns trigger
  language plpgsql
as $$
declare
  counter core.number_sequences;
begin
  select s.*
  into counter
  from core.number_sequences s
  where s.biz_id = new.biz_id
    and s.id = new.sequence_id
  for no key update;

  if counter.is_gapless then
    raise exception using
      errcode = '23514',
      message = 'Numbers that may have no gaps are not given out in advance.',
      schema = 'sync',
      table = 'number_blocks',
      column = 'sequence_id',
      constraint = 'number_blocks_gapless_check';
  elsif new.last_number >= counter.next_value then
    raise exception using
      errcode = '23514',
      message = 'Numbers are taken from their counter before a device gets them.',
      schema = 'sync',
      table = 'number_blocks',
      column = 'last_number',
      constraint = 'number_blocks_taken_check';
  end if;
  return null;
end
$$;
comment on function sync.check_number_block() is
  'After a device was given numbers: their counter went past them, and is not one that may have no gaps.';
create trigger number_blocks_taken
  after insert on sync.number_blocks
  for each row execute function sync.check_number_block();
create trigger number_blocks_used_forward
  before update on sync.number_blocks
  for each row when (
    new.used_to < old.used_to
    or (old.device_id, old.sequence_id, old.first_number, old.last_number)
      is distinct from (new.device_id, new.sequence_id, new.first_number, new.last_number)
    or (old.returned_at is not null
      and (old.returned_at, old.used_to) is distinct from (new.returned_at, new.used_to)))
  execute function core.refuse_update(
    'number_blocks_used_forward_check', 'A block keeps its numbers; those used stay used, and those given back stay so.');

-- change_cursors -----------------------------------------------------------------------------------------------------

create table sync.change_cursors (
  biz_id uuid not null,
  id uuid not null,
  device_id uuid not null,
  scope text not null,
  generation integer not null default 1,
  last_transaction_id xid8,
  last_outbox_seq bigint,
  last_pulled_at timestamptz,
  constraint change_cursors_pkey primary key (biz_id, id),
  constraint change_cursors_device_id_scope_key unique (biz_id, device_id, scope),
  constraint change_cursors_device_id_fkey foreign key (biz_id, device_id) references sync.devices (biz_id, id),
  constraint change_cursors_scope_check check (scope ~ '^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$' and length(scope) <= 100),
  constraint change_cursors_generation_check check (generation >= 1),
  constraint change_cursors_place_check check (num_nonnulls(last_transaction_id, last_outbox_seq) <> 1)
);
comment on table sync.change_cursors is 'How far a device has come in fetching one kind of changes.';
comment on column sync.change_cursors.device_id is 'The device.';
comment on column sync.change_cursors.scope is 'Which changes, for example catalog or orders.';
comment on column sync.change_cursors.generation is 'Goes up when the device fetches all of it anew, from the start.';
comment on column sync.change_cursors.last_transaction_id is 'The transaction of the last change that it has.';
comment on column sync.change_cursors.last_outbox_seq is 'The place of that change within its transaction.';
comment on column sync.change_cursors.last_pulled_at is 'When it last fetched.';
comment on constraint change_cursors_device_id_scope_key on sync.change_cursors is 'The device fetches these changes already.';
comment on constraint change_cursors_scope_check on sync.change_cursors is 'A kind of changes is lower snake case, in parts joined by dots.';
comment on constraint change_cursors_generation_check on sync.change_cursors is 'Generations count from 1.';
comment on constraint change_cursors_place_check on sync.change_cursors is 'A place in the feed is a transaction and a place within it.';
call core.install_table('sync.change_cursors', 'T', 'sycc');

create trigger change_cursors_forward
  before update on sync.change_cursors
  for each row when (
    new.generation < old.generation
    or (new.generation = old.generation
      and old.last_transaction_id is not null
      and (new.last_transaction_id is null
        or (new.last_transaction_id, new.last_outbox_seq) < (old.last_transaction_id, old.last_outbox_seq))))
  execute function core.refuse_update(
    'change_cursors_forward_check', 'A device does not fetch again what it has, unless it begins anew.');
