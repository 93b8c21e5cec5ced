-- The rest of audit: streams and their chain, anchors outside, runs that check it, events of aggregates, and who looked at
-- whose data.

-- Kinds and statuses -------------------------------------------------------------------------------------------------

create domain audit.integrity_run_status as text constraint integrity_run_status_check check (value in (
  'queued', 'running', 'passed', 'failed'));
comment on domain audit.integrity_run_status is 'Where a check of a chain stands.
queued: It is to begin.
running: It is at work.
passed: The chain is whole.
failed: The chain is broken, from the event it names on.';
comment on constraint integrity_run_status_check on domain audit.integrity_run_status is 'Unknown status of a check.';

create domain audit.access_purpose as text constraint access_purpose_check check (value in (
  'service', 'support', 'billing', 'fraud', 'legal', 'export', 'administration'));
comment on domain audit.access_purpose is 'Why somebody looked at personal data.
service: To serve the customer.
support: To help with a problem.
billing: To bill or be paid.
fraud: To look into fraud or abuse.
legal: As the law demands.
export: To hand the data out, for instance to the person.
administration: To keep the system running.';
comment on constraint access_purpose_check on domain audit.access_purpose is 'Unknown purpose.';

-- audit_streams ------------------------------------------------------------------------------------------------------

create table audit.audit_streams (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  last_seq bigint not null default 0,
  last_digest bytea,
  last_sealed_at timestamptz,
  constraint audit_streams_pkey primary key (biz_id, id),
  constraint audit_streams_name_key unique (biz_id, name),
  constraint audit_streams_name_check check (btrim(name) <> '' and length(name) <= 60),
  constraint audit_streams_name_form_check check (name ~ '^[a-z][a-z0-9_]{0,59}$'),
  constraint audit_streams_last_check check (
    last_seq >= 0 and (last_seq = 0) = (last_digest is null)
    and num_nonnulls(last_digest, last_sealed_at) in (0, 2) and octet_length(last_digest) = 32)
);
comment on table audit.audit_streams is 'A chain of audit events of the tenant, as far as it is sealed.';
comment on column audit.audit_streams.name is 'Name of the chain; main is the one that every tenant has.';
comment on column audit.audit_streams.last_seq is 'Number of the last event that was sealed; 0 before the first.';
comment on column audit.audit_streams.last_digest is 'Digest of that event.';
comment on column audit.audit_streams.last_sealed_at is 'When it was sealed.';
comment on constraint audit_streams_name_check on audit.audit_streams is 'A name is required, of 60 characters at most.';
comment on constraint audit_streams_name_key on audit.audit_streams is 'There is another chain of this name.';
comment on constraint audit_streams_name_form_check on audit.audit_streams is 'The name of a chain is lower snake case.';
comment on constraint audit_streams_last_check on audit.audit_streams is 'A chain with events has the digest of the last one, of 32 bytes.';

create trigger audit_streams_name_immutable
  before update of name on audit.audit_streams
  for each row when (
    old.name is distinct from new.name)
  execute function availability.refuse_update('audit_streams_name_immutable_check', 'A chain keeps its name.');

call core.install_table('audit.audit_streams', 'T', 'aust', registrable => true, platform_written => true);

create function audit.guard_stream() returns trigger
language plpgsql as $$
begin
  raise exception using
    errcode = '23514',
    message = 'A chain only grows.',
    schema = 'audit',
    table = 'audit_streams',
    column = 'last_seq',
    constraint = 'audit_streams_forward_check';
end
$$;
comment on function audit.guard_stream() is 'Trigger: refuses that a chain becomes shorter or its last digest another.';
create trigger audit_streams_forward
  before update on audit.audit_streams
  for each row when (
    new.last_seq < old.last_seq
    or (new.last_seq = old.last_seq and new.last_digest is distinct from old.last_digest))
  execute function audit.guard_stream();

-- Which chain an event belongs to is decided when it is sealed.
alter table audit.audit_events add column stream_id uuid;
comment on column audit.audit_events.stream_id is 'The chain it was sealed in; empty until then.';
alter table audit.audit_events add constraint audit_events_stream_id_fkey foreign key (biz_id, stream_id)
  references audit.audit_streams (biz_id, id);
alter table audit.audit_events add constraint audit_events_stream_check check ((stream_id is null) = (seq is null));
comment on constraint audit_events_stream_check on audit.audit_events is 'An event that is sealed is so in a chain.';
comment on column audit.audit_events.seq is 'Its place in its chain, from 1 without gaps; set by the sealer.';
create index audit_events_stream_id_seq_idx on audit.audit_events (biz_id, stream_id, seq);
drop trigger audit_events_append_only on audit.audit_events;
create trigger audit_events_append_only
  before update or delete on audit.audit_events
  for each row execute function core.refuse_change('audit_events', 'stream_id', 'seq', 'prev_digest', 'digest', 'sealed_at');
call core.index_foreign_keys('audit.audit_events');
call core.describe_table('audit.audit_events');

-- audit_anchors ------------------------------------------------------------------------------------------------------

create table audit.audit_anchors (
  biz_id uuid not null,
  id uuid not null,
  stream_id uuid not null,
  seq bigint not null,
  digest bytea not null,
  provider text not null,
  external_ref text not null,
  anchored_at timestamptz not null default now(),
  constraint audit_anchors_pkey primary key (biz_id, id),
  constraint audit_anchors_stream_id_seq_provider_key unique (biz_id, stream_id, seq, provider),
  constraint audit_anchors_stream_id_fkey foreign key (biz_id, stream_id)
    references audit.audit_streams (biz_id, id),
  constraint audit_anchors_provider_check check (btrim(provider) <> '' and length(provider) <= 60),
  constraint audit_anchors_external_ref_check check (btrim(external_ref) <> '' and length(external_ref) <= 2000),
  constraint audit_anchors_seq_check check (seq > 0),
  constraint audit_anchors_digest_check check (octet_length(digest) = 32)
);
comment on table audit.audit_anchors is 'That the digest of a chain was deposited outside, so that not even who runs the database could rewrite what came before.';
comment on column audit.audit_anchors.stream_id is 'The chain.';
comment on column audit.audit_anchors.seq is 'The event up to which it vouches.';
comment on column audit.audit_anchors.digest is 'Digest of that event.';
comment on column audit.audit_anchors.provider is 'Where it was deposited, such as rfc3161 or a notary.';
comment on column audit.audit_anchors.external_ref is 'What proves it there, such as the token of a time stamp.';
comment on column audit.audit_anchors.anchored_at is 'When it was deposited.';
comment on constraint audit_anchors_provider_check on audit.audit_anchors is 'A provider is required, of 60 characters at most.';
comment on constraint audit_anchors_external_ref_check on audit.audit_anchors is 'An external ref is required, of 2,000 characters at most.';
comment on constraint audit_anchors_stream_id_seq_provider_key on audit.audit_anchors is 'This event was deposited there already.';
comment on constraint audit_anchors_seq_check on audit.audit_anchors is 'A chain counts from 1.';
comment on constraint audit_anchors_digest_check on audit.audit_anchors is 'A digest has 32 bytes.';

call core.install_table('audit.audit_anchors', 'J', 'auan');

-- audit_integrity_runs -----------------------------------------------------------------------------------------------

create table audit.audit_integrity_runs (
  biz_id uuid not null,
  id uuid not null,
  stream_id uuid not null,
  from_seq bigint not null,
  to_seq bigint not null,
  status audit.integrity_run_status not null default 'queued',
  started_at timestamptz,
  finished_at timestamptz,
  checked_count bigint not null default 0,
  first_bad_seq bigint,
  anchor_id uuid,
  anchor_digest bytea,
  constraint audit_integrity_runs_pkey primary key (biz_id, id),
  constraint audit_integrity_runs_stream_id_fkey foreign key (biz_id, stream_id)
    references audit.audit_streams (biz_id, id),
  constraint audit_integrity_runs_anchor_id_fkey foreign key (biz_id, anchor_id)
    references audit.audit_anchors (biz_id, id),
  constraint audit_integrity_runs_range_check check (from_seq >= 1 and to_seq >= from_seq),
  constraint audit_integrity_runs_status_check check (
    (status in ('passed', 'failed')) = (finished_at is not null)
    and (status = 'queued') = (started_at is null) and finished_at >= started_at),
  constraint audit_integrity_runs_checked_check check (
    checked_count between 0 and to_seq - from_seq + 1 and (status <> 'passed'
    or checked_count = to_seq - from_seq + 1)),
  constraint audit_integrity_runs_first_bad_check check (
    (status = 'failed') = (first_bad_seq is not null) and first_bad_seq between from_seq and to_seq),
  constraint audit_integrity_runs_anchor_digest_check check (octet_length(anchor_digest) = 32)
);
comment on table audit.audit_integrity_runs is 'A check of a part of a chain, event by event.';
comment on column audit.audit_integrity_runs.stream_id is 'The chain.';
comment on column audit.audit_integrity_runs.from_seq is 'The first event to check.';
comment on column audit.audit_integrity_runs.to_seq is 'The last event to check.';
comment on column audit.audit_integrity_runs.status is 'Where it stands.';
comment on column audit.audit_integrity_runs.started_at is 'When it began.';
comment on column audit.audit_integrity_runs.finished_at is 'When it ended.';
comment on column audit.audit_integrity_runs.checked_count is 'How many events were checked so far.';
comment on column audit.audit_integrity_runs.first_bad_seq is 'The first event that is missing or not as it was sealed.';
comment on column audit.audit_integrity_runs.anchor_id is 'The anchor it was held against.';
comment on column audit.audit_integrity_runs.anchor_digest is 'Digest of the last event that was checked, as reckoned.';
comment on constraint audit_integrity_runs_range_check on audit.audit_integrity_runs is 'A part of a chain goes from 1 or later to an event no earlier.';
comment on constraint audit_integrity_runs_status_check on audit.audit_integrity_runs is 'A check that began or ended says when.';
comment on constraint audit_integrity_runs_checked_check on audit.audit_integrity_runs is 'A chain is whole only if every event was checked.';
comment on constraint audit_integrity_runs_first_bad_check on audit.audit_integrity_runs is 'A broken chain names the first bad event, within what was checked.';
comment on constraint audit_integrity_runs_anchor_digest_check on audit.audit_integrity_runs is 'A digest has 32 bytes.';

create index audit_integrity_runs_status_idx on audit.audit_integrity_runs (biz_id, status, id);
create trigger audit_integrity_runs_range_immutable
  before update of stream_id, from_seq, to_seq on audit.audit_integrity_runs
  for each row when (
    old.stream_id is distinct from new.stream_id
    or old.from_seq is distinct from new.from_seq
    or old.to_seq is distinct from new.to_seq)
  execute function availability.refuse_update('audit_integrity_runs_range_immutable_check', 'A check keeps its part of the chain.');

call core.install_table('audit.audit_integrity_runs', 'T', 'auir', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('integrity_run', 'queued', 'running', false),
  ('integrity_run', 'running', 'passed', false),
  ('integrity_run', 'running', 'failed', false);
call core.install_state_machine('audit.audit_integrity_runs', 'status', 'integrity_run');

create trigger audit_integrity_runs_finished_immutable
  before update on audit.audit_integrity_runs
  for each row when (old.status in ('passed', 'failed'))
  execute function availability.refuse_update('audit_integrity_runs_finished_immutable_check', 'What a check has found is never changed.');

-- domain_events ------------------------------------------------------------------------------------------------------

create table audit.domain_events (
  biz_id uuid not null,
  id uuid not null,
  aggregate_type text not null,
  aggregate_id uuid not null,
  aggregate_version integer not null,
  type text not null,
  payload jsonb not null default '{}',
  occurred_at timestamptz not null default now(),
  causation_id uuid,
  correlation_id uuid,
  constraint domain_events_pkey primary key (biz_id, occurred_at, id),
  constraint domain_events_aggregate_version_key unique (biz_id, aggregate_type, aggregate_id, aggregate_version, occurred_at),
  constraint domain_events_payload_check check (jsonb_typeof(payload) = 'object'),
  constraint domain_events_aggregate_type_check check (aggregate_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint domain_events_aggregate_version_check check (aggregate_version >= 1),
  constraint domain_events_type_check check (type ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(type) <= 100),
  constraint domain_events_causation_check check (causation_id <> id)
) partition by range (occurred_at);
comment on table audit.domain_events is 'What happened to a document or master record, one row for each of its versions, from which it can be told again.';
comment on column audit.domain_events.aggregate_type is 'What it happened to: an entity name, such as BookingOrder.';
comment on column audit.domain_events.aggregate_id is 'Which one: its id. No foreign key, as for every journal.';
comment on column audit.domain_events.aggregate_version is 'Its version after it happened: every version has one row, which its optimistic lock makes sure of.';
comment on column audit.domain_events.type is 'What happened, as context and verb, such as booking.confirmed.';
comment on column audit.domain_events.payload is 'What about it, with personal values sealed.';
comment on column audit.domain_events.occurred_at is 'When it happened.';
comment on column audit.domain_events.causation_id is 'The event that brought it about.';
comment on column audit.domain_events.correlation_id is 'What all events of one undertaking share.';
comment on constraint domain_events_payload_check on audit.domain_events is 'Payload must be a JSON object.';
comment on constraint domain_events_aggregate_version_key on audit.domain_events is 'This version of it was told already.';
comment on constraint domain_events_aggregate_type_check on audit.domain_events is 'The type of what it happened to is the name of an entity, such as BookingOrder.';
comment on constraint domain_events_aggregate_version_check on audit.domain_events is 'Versions begin at 1.';
comment on constraint domain_events_type_check on audit.domain_events is 'A type is written context.verb, in lower snake case, with at most 100 characters.';
comment on constraint domain_events_causation_check on audit.domain_events is 'An event does not bring about itself.';

create index domain_events_correlation_id_idx on audit.domain_events (biz_id, correlation_id, occurred_at)
  where correlation_id is not null;
create index domain_events_type_occurred_at_idx on audit.domain_events (biz_id, type, occurred_at);

call core.install_table('audit.domain_events', 'P', 'aude');

-- access_log ---------------------------------------------------------------------------------------------------------

create table audit.access_log (
  biz_id uuid not null,
  id uuid not null,
  actor_type audit.actor_type not null,
  actor_id uuid,
  on_behalf_of_id uuid,
  subject_type text not null,
  subject_id uuid not null,
  fields text[] not null,
  purpose audit.access_purpose not null,
  reason text,
  ip text,
  occurred_at timestamptz not null default now(),
  constraint access_log_pkey primary key (biz_id, occurred_at, id),
  constraint access_log_subject_type_check check (subject_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint access_log_reason_check check (length(reason) <= 2000),
  constraint access_log_actor_check check ((actor_type = 'system') = (actor_id is null)),
  constraint access_log_fields_check check (
    cardinality(fields) between 1 and 100 and array_position(fields, null) is null),
  constraint access_log_explained_check check (
    purpose not in ('fraud', 'legal', 'export') or btrim(coalesce(reason, '')) <> ''),
  constraint access_log_ip_check check (ip ~ '^[0-9a-fA-F:.]{2,45}$')
) partition by range (occurred_at);
comment on table audit.access_log is 'That somebody looked at personal data of somebody: who, whose, which, and what for.';
comment on column audit.access_log.actor_type is 'What kind of actor looked.';
comment on column audit.access_log.actor_id is 'Which user or API key looked; empty where the system did.';
comment on column audit.access_log.on_behalf_of_id is 'The user for whom it was done, where someone acted for another.';
comment on column audit.access_log.subject_type is 'Entity type of whose data it is, such as Customer.';
comment on column audit.access_log.subject_id is 'Whose data it is, such as a customer.';
comment on column audit.access_log.fields is 'Which fields were read, such as email and phone.';
comment on column audit.access_log.purpose is 'What for.';
comment on column audit.access_log.reason is 'What for, in words; required for fraud, the law and an export.';
comment on column audit.access_log.ip is 'The network address from which it was read.';
comment on column audit.access_log.occurred_at is 'When it was read.';
comment on constraint access_log_subject_type_check on audit.access_log is 'The type of the subject is the name of an entity, such as BookingOrder.';
comment on constraint access_log_reason_check on audit.access_log is 'A reason has 2,000 characters at most.';
comment on constraint access_log_actor_check on audit.access_log is 'An actor is named, unless it is the system.';
comment on constraint access_log_fields_check on audit.access_log is 'At least one field is named.';
comment on constraint access_log_explained_check on audit.access_log is 'Whoever looks for fraud, for the law or for an export says why.';
comment on constraint access_log_ip_check on audit.access_log is 'This is not a network address.';

create index access_log_subject_idx on audit.access_log (biz_id, subject_type, subject_id, occurred_at);
create index access_log_actor_idx on audit.access_log (biz_id, actor_id, occurred_at);
create index access_log_purpose_idx on audit.access_log (biz_id, purpose, occurred_at);

call core.install_table('audit.access_log', 'P', 'aual');

select core.ensure_partitions(3);
