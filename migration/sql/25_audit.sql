-- Audit: who did what, in a chain that shows when it was tampered with.

create schema audit;
comment on schema audit is 'Tamper-evident history of what was done, by whom, and why.';

create domain audit.actor_type as text
  constraint actor_type_check check (value in ('user', 'api_key', 'system'));
comment on domain audit.actor_type is
  'Who acted.
user: a person who was signed in.
api_key: a program with a key of the tenant.
system: the server itself, at a time or after an event.';
comment on constraint actor_type_check on domain audit.actor_type is 'Not a known kind of actor.';

create table audit.audit_events (
  biz_id uuid not null,
  id uuid not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  occurred_at timestamptz not null default now(),
  actor_type audit.actor_type not null,
  actor_id uuid,
  on_behalf_of_id uuid,
  action text not null,
  subject_type text,
  subject_id uuid,
  before jsonb,
  after jsonb,
  reason text,
  ip text,
  seq bigint,
  prev_digest bytea,
  digest bytea,
  sealed_at timestamptz,
  constraint audit_events_pkey primary key (biz_id, occurred_at, id),
  constraint audit_events_actor_check check ((actor_type = 'system') = (actor_id is null)),
  constraint audit_events_action_check check (
    action ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(action) <= 100
  ),
  constraint audit_events_subject_check check (num_nonnulls(subject_type, subject_id) <> 1),
  constraint audit_events_subject_type_check check (subject_type ~ '^[A-Z][A-Za-z0-9]*$'),
  constraint audit_events_diff_check check (
    coalesce(jsonb_typeof(before), 'object') = 'object' and coalesce(jsonb_typeof(after), 'object') = 'object'
  ),
  constraint audit_events_reason_check check (length(reason) <= 2000),
  constraint audit_events_ip_check check (ip ~ '^[0-9a-fA-F:.]{2,45}$'),
  constraint audit_events_seal_check check (num_nonnulls(seq, prev_digest, digest, sealed_at) in (0, 4)),
  constraint audit_events_seq_check check (seq > 0),
  constraint audit_events_digest_check check (octet_length(prev_digest) = 32 and octet_length(digest) = 32)
)
partition by range (occurred_at);
create index audit_events_subject_idx on audit.audit_events (biz_id, subject_type, subject_id, occurred_at);
create index audit_events_actor_idx on audit.audit_events (biz_id, actor_id, occurred_at);
create index audit_events_seq_idx on audit.audit_events (biz_id, seq);
create index audit_events_unsealed_idx on audit.audit_events (biz_id, transaction_id, id) where seq is null;
comment on table audit.audit_events is
  'One thing that was done, written in the transaction that did it. A sealer later numbers the events of a tenant in the order of their transactions and chains them by digest, so that one that was changed or taken out is missed.';
comment on column audit.audit_events.transaction_id is 'The transaction that wrote it: the order in which events are sealed.';
comment on column audit.audit_events.occurred_at is 'When it was done: the start of the transaction.';
comment on column audit.audit_events.actor_type is 'What kind of actor did it.';
comment on column audit.audit_events.actor_id is 'Which user or API key did it; empty where the system did.';
comment on column audit.audit_events.on_behalf_of_id is 'The user for whom it was done, where someone acted for another.';
comment on column audit.audit_events.action is 'What was done, as context and verb, for example booking.cancel.';
comment on column audit.audit_events.subject_type is 'What it was done to: an entity name, for example BookingOrder.';
comment on column audit.audit_events.subject_id is 'Which one: its id. No foreign key, as for every journal.';
comment on column audit.audit_events.before is 'The values that changed, as they were, by column. Personal values are sealed, so that they can be erased.';
comment on column audit.audit_events.after is 'The values that changed, as they became, by column.';
comment on column audit.audit_events.reason is 'Why, in the words of whoever did it.';
comment on column audit.audit_events.ip is 'The network address that it came from.';
comment on column audit.audit_events.seq is 'Its place in the chain of the tenant, from 1 without gaps; set by the sealer.';
comment on column audit.audit_events.prev_digest is 'The digest of the event before it in the chain; 32 zero bytes for the first.';
comment on column audit.audit_events.digest is 'SHA-256 of the previous digest and this row in canonical form.';
comment on column audit.audit_events.sealed_at is 'When it was taken into the chain.';
comment on constraint audit_events_actor_check on audit.audit_events is 'An actor is named, unless it is the system.';
comment on constraint audit_events_action_check on audit.audit_events is
  'An action is written context.verb, in lower snake case, with at most 100 characters.';
comment on constraint audit_events_subject_check on audit.audit_events is 'A subject has a type and an id.';
comment on constraint audit_events_subject_type_check on audit.audit_events is
  'A subject type is the name of an entity, such as BookingOrder.';
comment on constraint audit_events_diff_check on audit.audit_events is 'Values before and after are objects by column.';
comment on constraint audit_events_reason_check on audit.audit_events is 'A reason has at most 2000 characters.';
comment on constraint audit_events_ip_check on audit.audit_events is 'This is not a network address.';
comment on constraint audit_events_seal_check on audit.audit_events is 'An event is sealed whole or not at all.';
comment on constraint audit_events_seq_check on audit.audit_events is 'A chain counts from 1.';
comment on constraint audit_events_digest_check on audit.audit_events is 'A digest has 32 bytes.';
call core.install_table(
  'audit.audit_events', 'P', 'aud', bookkeeping => array['seq', 'prev_digest', 'digest', 'sealed_at']
);

select core.ensure_partitions(3);
