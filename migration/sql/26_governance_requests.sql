-- Governance, continued: what people ask about their data and what modules answer, redaction, keys, breaches, reports.

create domain governance.identity_mode as text constraint identity_mode_check check (value in (
  'identified', 'pseudonymous', 'anonymous'));
comment on domain governance.identity_mode is 'How far it is known who a customer is.
identified: By name.
pseudonymous: By a number that can be led back to a name.
anonymous: Not at all.';
comment on constraint identity_mode_check on domain governance.identity_mode is 'Unknown identity mode.';

create domain governance.dsr_kind as text constraint dsr_kind_check check (value in (
  'access', 'portability', 'erasure', 'rectification', 'restriction', 'objection'));
comment on domain governance.dsr_kind is 'What somebody wants with the data about them.
access: To see them.
portability: To have them in a form that machines read.
erasure: To have them erased.
rectification: To have them put right.
restriction: That they are kept and not used.
objection: That they are not used for a purpose.';
comment on constraint dsr_kind_check on domain governance.dsr_kind is 'Unknown kind of request.';

create domain governance.dsr_status as text constraint dsr_status_check check (value in (
  'received', 'verifying', 'in_progress', 'on_hold', 'awaiting_approval', 'fulfilled', 'partially_fulfilled', 'rejected', 'withdrawn'));
comment on domain governance.dsr_status is 'Where a request about personal data stands.
received: It came in.
verifying: It is being made sure who asks.
in_progress: The modules are being asked.
on_hold: It cannot go on while a legal hold is in force.
awaiting_approval: All is ready; a second person must agree.
fulfilled: Done.
partially_fulfilled: Done, but for what the law says must be kept.
rejected: Refused.
withdrawn: Taken back by whoever asked.';
comment on constraint dsr_status_check on domain governance.dsr_status is 'Unknown request status.';

create domain governance.dsr_channel as text constraint dsr_channel_check check (value in (
  'self_service', 'email', 'phone', 'desk', 'authority'));
comment on domain governance.dsr_channel is 'The way a request came in.
self_service: By the person''s own account.
email: By mail or letter.
phone: By telephone.
desk: In person.
authority: Through an authority.';
comment on constraint dsr_channel_check on domain governance.dsr_channel is 'Unknown channel.';

create domain governance.dsr_item_action as text constraint dsr_item_action_check check (value in (
  'export', 'erase', 'rectify', 'restrict'));
comment on domain governance.dsr_item_action is 'What a module is to do for a request.
export: Give out what it has.
erase: Erase what it has.
rectify: Put right what it has.
restrict: Stop using what it has.';
comment on constraint dsr_item_action_check on domain governance.dsr_item_action is 'Unknown action.';

create domain governance.dsr_item_status as text constraint dsr_item_status_check check (value in (
  'pending', 'done', 'nothing_found', 'refused', 'failed'));
comment on domain governance.dsr_item_status is 'What a module answered.
pending: Nothing yet.
done: It did so.
nothing_found: It has nothing of the person.
refused: It must keep what it has, and says why.
failed: It could not; it is asked again.';
comment on constraint dsr_item_status_check on domain governance.dsr_item_status is 'Unknown answer.';

create domain governance.redaction_job_status as text constraint redaction_job_status_check check (value in (
  'draft', 'dry_run', 'approved', 'running', 'completed', 'failed', 'blocked'));
comment on domain governance.redaction_job_status is 'Where a redaction stands.
draft: Being planned.
dry_run: Was tried without effect; the result can be looked at.
approved: A second person agreed.
running: At it.
completed: Done.
failed: Stopped by an error; is taken up again where it stopped.
blocked: A legal hold stands against it.';
comment on constraint redaction_job_status_check on domain governance.redaction_job_status is 'Unknown status of a redaction.';

create domain governance.redaction_action as text constraint redaction_action_check check (value in (
  'redact', 'delete', 'shred', 'keep'));
comment on domain governance.redaction_action is 'What is done to a row.
redact: What says whom it concerns is taken out.
delete: It is deleted.
shred: The key to its sealed values is destroyed.
keep: Nothing, as the law says it must be kept.';
comment on constraint redaction_action_check on domain governance.redaction_action is 'Unknown action.';

create domain governance.redaction_target_status as text constraint redaction_target_status_check check (value in (
  'pending', 'done', 'kept', 'held', 'failed'));
comment on domain governance.redaction_target_status is 'What became of one row of a redaction.
pending: Nothing yet.
done: It was done.
kept: It was kept, as planned.
held: A legal hold stood against it.
failed: It could not be done.';
comment on constraint redaction_target_status_check on domain governance.redaction_target_status is 'Unknown status.';

create domain governance.compliance_report_kind as text constraint compliance_report_kind_check check (value in (
  'processing_register', 'dsr_summary', 'retention_proof', 'consent_summary', 'breach_register', 'access_report', 'police_register'));
comment on domain governance.compliance_report_kind is 'What a report proves.
processing_register: What is processed, for what, on which basis.
dsr_summary: Requests about personal data, and how fast they were answered.
retention_proof: What was deleted when its time was over, and what was not.
consent_summary: Who consented to what, and who withdrew.
breach_register: Breaches, and who was told.
access_report: Who looked at personal data.
police_register: Guests, as the law of the place wants them reported.';
comment on constraint compliance_report_kind_check on domain governance.compliance_report_kind is 'Unknown kind of report.';

create domain governance.compliance_report_status as text constraint compliance_report_status_check check (value in (
  'queued', 'generating', 'ready', 'signed', 'failed'));
comment on domain governance.compliance_report_status is 'Where a report stands.
queued: Waits for its turn.
generating: Being made.
ready: Can be read; not signed yet.
signed: Signed; never changed.
failed: It could not be made.';
comment on constraint compliance_report_status_check on domain governance.compliance_report_status is 'Unknown report status.';

create domain governance.breach_risk as text constraint breach_risk_check check (value in (
  'unknown', 'unlikely', 'risk', 'high_risk'));
comment on domain governance.breach_risk is 'What a breach means for those concerned.
unknown: Not known yet.
unlikely: Hardly a risk; nobody need be told.
risk: The authority must be told.
high_risk: The authority and those concerned must be told.';
comment on constraint breach_risk_check on domain governance.breach_risk is 'Unknown risk.';

create domain governance.breach_status as text constraint breach_status_check check (value in (
  'open', 'contained', 'closed'));
comment on domain governance.breach_status is 'Where the handling of a breach stands.
open: Being looked into.
contained: Stopped; not settled yet.
closed: Settled.';
comment on constraint breach_status_check on domain governance.breach_status is 'Unknown status of a breach.';

-- privacy_identity_modes ----------------------------------------------------------------------------------------------

create table governance.privacy_identity_modes (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  mode governance.identity_mode not null,
  is_contact_required boolean not null default true,
  is_document_required boolean not null default false,
  is_marketing_allowed boolean not null default true,
  keep_days integer,
  rules jsonb not null default '{}',
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint privacy_identity_modes_pkey primary key (biz_id, id),
  constraint privacy_identity_modes_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint privacy_identity_modes_rules_check check (jsonb_typeof(rules) = 'object'),
  constraint privacy_identity_modes_code_check check (code ~ '^[a-z][a-z0-9_]*$' and length(code) <= 60),
  constraint privacy_identity_modes_keep_days_check check (keep_days between 0 and 36525),
  constraint privacy_identity_modes_anonymous_check check (
    mode <> 'anonymous' or not (is_contact_required or is_document_required or is_marketing_allowed))
);
comment on table governance.privacy_identity_modes is 'A way in which customers can be known to the tenant, and what it means for their data.';
comment on column governance.privacy_identity_modes.code is 'Short name, for example guest_checkout.';
comment on column governance.privacy_identity_modes.name is 'Name shown to staff.';
comment on column governance.privacy_identity_modes.mode is 'How far it is known who the customer is.';
comment on column governance.privacy_identity_modes.is_contact_required is 'Whether there must be a way to reach the customer.';
comment on column governance.privacy_identity_modes.is_document_required is 'Whether a document of identity must be seen.';
comment on column governance.privacy_identity_modes.is_marketing_allowed is 'Whether such customers may be asked for their consent to advertising.';
comment on column governance.privacy_identity_modes.keep_days is 'After how many days without activity such a customer is made anonymous; empty where retention policies say it.';
comment on column governance.privacy_identity_modes.rules is 'What else the modules need to know.';
comment on column governance.privacy_identity_modes.is_default is 'Whether new customers are of this mode.';
comment on constraint privacy_identity_modes_name_check on governance.privacy_identity_modes is 'The name must not be blank, and has at most 200 characters.';
comment on constraint privacy_identity_modes_rules_check on governance.privacy_identity_modes is 'The rules are a JSON object.';
comment on constraint privacy_identity_modes_code_check on governance.privacy_identity_modes is 'A code is written in lower case, such as guest_checkout. It has at most 60 characters.';
comment on constraint privacy_identity_modes_keep_days_check on governance.privacy_identity_modes is 'Data are kept for 100 years at most.';
comment on constraint privacy_identity_modes_anonymous_check on governance.privacy_identity_modes is 'Of an anonymous customer nothing is asked.';
create unique index privacy_identity_modes_code_key on governance.privacy_identity_modes (biz_id, code)
  where deleted_at is null;
comment on index governance.privacy_identity_modes_code_key is 'Another mode has this code.';
create unique index privacy_identity_modes_is_default_key on governance.privacy_identity_modes (biz_id)
  where is_default and deleted_at is null;
comment on index governance.privacy_identity_modes_is_default_key is 'Another mode is the default.';

call core.install_table('governance.privacy_identity_modes', 'M', 'gvim', registrable => true);

-- data_subject_requests -----------------------------------------------------------------------------------------------

create table governance.data_subject_requests (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  kind governance.dsr_kind not null,
  customer_id uuid,
  user_id uuid,
  requester_name text not null,
  requester_relation text,
  channel governance.dsr_channel not null default 'self_service',
  details text not null default '',
  purpose text,
  received_at timestamptz not null default now(),
  received_on date not null,
  due_on date not null,
  extended_to date,
  extension_reason text,
  identity_verified_at timestamptz,
  identity_method text,
  assigned_to_id uuid,
  approved_by_id uuid,
  status governance.dsr_status not null default 'received',
  outcome text,
  refusal_basis text,
  closed_at timestamptz,
  constraint data_subject_requests_pkey primary key (biz_id, id),
  constraint data_subject_requests_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint data_subject_requests_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint data_subject_requests_user_id_fkey foreign key (user_id)
    references identity.users (id),
  constraint data_subject_requests_requester_name_check check (btrim(requester_name) <> '' and length(requester_name) <= 200),
  constraint data_subject_requests_requester_relation_check check (
    btrim(requester_relation) <> '' and length(requester_relation) <= 200),
  constraint data_subject_requests_details_check check (length(details) <= 10000),
  constraint data_subject_requests_purpose_check check (btrim(purpose) <> '' and length(purpose) <= 200),
  constraint data_subject_requests_extension_reason_check check (
    btrim(extension_reason) <> '' and length(extension_reason) <= 2000),
  constraint data_subject_requests_identity_method_check check (
    btrim(identity_method) <> '' and length(identity_method) <= 200),
  constraint data_subject_requests_assigned_to_id_fkey foreign key (assigned_to_id)
    references identity.users (id),
  constraint data_subject_requests_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint data_subject_requests_outcome_check check (length(outcome) <= 10000),
  constraint data_subject_requests_refusal_basis_check check (btrim(refusal_basis) <> '' and length(refusal_basis) <= 2000),
  constraint data_subject_requests_number_key unique (biz_id, number),
  constraint data_subject_requests_subject_check check (num_nonnulls(customer_id, user_id) = 1),
  constraint data_subject_requests_due_on_check check (
    due_on > received_on and due_on <= (received_on + interval '1 month')::date),
  constraint data_subject_requests_extended_check check (num_nonnulls(extended_to, extension_reason) in (0, 2)
    and extended_to > due_on and extended_to <= (received_on + interval '3 months')::date),
  constraint data_subject_requests_verified_check check (
    status in ('received', 'verifying', 'rejected', 'withdrawn') or identity_verified_at is not null),
  constraint data_subject_requests_identity_check check (num_nonnulls(identity_verified_at, identity_method) in (0, 2)),
  constraint data_subject_requests_approved_check check (status not in ('fulfilled', 'partially_fulfilled')
    or (approved_by_id is not null and approved_by_id is distinct from assigned_to_id)),
  constraint data_subject_requests_refused_check check (
    status not in ('rejected', 'partially_fulfilled') or refusal_basis is not null),
  constraint data_subject_requests_closed_check check (
    (status in ('fulfilled', 'partially_fulfilled', 'rejected', 'withdrawn')) = (closed_at is not null)),
  constraint data_subject_requests_purpose_kind_check check (purpose is null or kind = 'objection')
);
comment on table governance.data_subject_requests is 'That somebody wants something with the data about them, what was answered, and whether in time.';
comment on column governance.data_subject_requests.number is 'Number that people use.';
comment on column governance.data_subject_requests.kind is 'What is wanted.';
comment on column governance.data_subject_requests.customer_id is 'The customer whose data it is about.';
comment on column governance.data_subject_requests.user_id is 'The user whose data it is about, where it is staff.';
comment on column governance.data_subject_requests.requester_name is 'Who asks, as given.';
comment on column governance.data_subject_requests.requester_relation is 'What the requester is to the person, where it is somebody else, for example a parent.';
comment on column governance.data_subject_requests.channel is 'The way it came in.';
comment on column governance.data_subject_requests.details is 'What is wanted, in their words.';
comment on column governance.data_subject_requests.purpose is 'Of an objection, to which use.';
comment on column governance.data_subject_requests.received_at is 'When it came in.';
comment on column governance.data_subject_requests.received_on is 'The day it came in, where the tenant is.';
comment on column governance.data_subject_requests.due_on is 'By when it must be answered: a month after it came in, or sooner.';
comment on column governance.data_subject_requests.extended_to is 'By when it must be answered after it was extended: two months later at most.';
comment on column governance.data_subject_requests.extension_reason is 'Why it takes longer, as the person was told.';
comment on column governance.data_subject_requests.identity_verified_at is 'When it was sure who asks.';
comment on column governance.data_subject_requests.identity_method is 'How that was made sure, for example by a document.';
comment on column governance.data_subject_requests.assigned_to_id is 'Who looks after it.';
comment on column governance.data_subject_requests.approved_by_id is 'The second person who agreed.';
comment on column governance.data_subject_requests.status is 'Where it stands.';
comment on column governance.data_subject_requests.outcome is 'What was answered.';
comment on column governance.data_subject_requests.refusal_basis is 'The law on which it was refused, wholly or in part.';
comment on column governance.data_subject_requests.closed_at is 'When it was answered, refused or withdrawn.';
comment on constraint data_subject_requests_number_check on governance.data_subject_requests is 'The number must not be blank, and has at most 60 characters.';
comment on constraint data_subject_requests_requester_name_check on governance.data_subject_requests is 'The requester name must not be blank, and has at most 200 characters.';
comment on constraint data_subject_requests_requester_relation_check on governance.data_subject_requests is 'The requester relation must not be blank, and has at most 200 characters.';
comment on constraint data_subject_requests_details_check on governance.data_subject_requests is 'The details has at most 10,000 characters.';
comment on constraint data_subject_requests_purpose_check on governance.data_subject_requests is 'The purpose must not be blank, and has at most 200 characters.';
comment on constraint data_subject_requests_extension_reason_check on governance.data_subject_requests is 'The extension reason must not be blank, and has at most 2,000 characters.';
comment on constraint data_subject_requests_identity_method_check on governance.data_subject_requests is 'The identity method must not be blank, and has at most 200 characters.';
comment on constraint data_subject_requests_outcome_check on governance.data_subject_requests is 'The outcome has at most 10,000 characters.';
comment on constraint data_subject_requests_refusal_basis_check on governance.data_subject_requests is 'The refusal basis must not be blank, and has at most 2,000 characters.';
comment on constraint data_subject_requests_number_key on governance.data_subject_requests is 'Another request has this number.';
comment on constraint data_subject_requests_subject_check on governance.data_subject_requests is 'A request is about the data of a customer or of a user.';
comment on constraint data_subject_requests_due_on_check on governance.data_subject_requests is 'A request is due within a month.';
comment on constraint data_subject_requests_extended_check on governance.data_subject_requests is 'A request is extended by two months at most, with a reason.';
comment on constraint data_subject_requests_verified_check on governance.data_subject_requests is 'Before anything is done it must be sure who asks.';
comment on constraint data_subject_requests_identity_check on governance.data_subject_requests is 'It is said how it was made sure who asks.';
comment on constraint data_subject_requests_approved_check on governance.data_subject_requests is 'A second person agrees to what is answered.';
comment on constraint data_subject_requests_refused_check on governance.data_subject_requests is 'What is refused names the law.';
comment on constraint data_subject_requests_closed_check on governance.data_subject_requests is 'A request that is over says when.';
comment on constraint data_subject_requests_purpose_kind_check on governance.data_subject_requests is 'An objection is to a use.';
-- What must be answered next.
create index data_subject_requests_due_idx on governance.data_subject_requests (biz_id, (coalesce(extended_to, due_on)), id)
  where closed_at is null;
create index data_subject_requests_board_idx on governance.data_subject_requests (biz_id, status, received_at desc, id);

call core.install_table('governance.data_subject_requests', 'T', 'gvdr', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('data_subject_request', 'received', 'verifying', false),
  ('data_subject_request', 'verifying', 'in_progress', false),
  ('data_subject_request', 'verifying', 'rejected', true),
  ('data_subject_request', 'in_progress', 'awaiting_approval', false),
  ('data_subject_request', 'in_progress', 'on_hold', true),
  ('data_subject_request', 'on_hold', 'in_progress', false),
  ('data_subject_request', 'awaiting_approval', 'in_progress', true),
  ('data_subject_request', 'awaiting_approval', 'fulfilled', false),
  ('data_subject_request', 'awaiting_approval', 'partially_fulfilled', false),
  ('data_subject_request', 'awaiting_approval', 'rejected', true),
  ('data_subject_request', 'received', 'withdrawn', false),
  ('data_subject_request', 'verifying', 'withdrawn', false),
  ('data_subject_request', 'in_progress', 'withdrawn', false),
  ('data_subject_request', 'on_hold', 'withdrawn', false),
  ('data_subject_request', 'awaiting_approval', 'withdrawn', false);
call core.install_state_machine('governance.data_subject_requests', 'status', 'data_subject_request');

create trigger data_subject_requests_received_immutable
  before update on governance.data_subject_requests
  for each row when ((old.kind, old.customer_id, old.user_id, old.received_at, old.received_on, old.due_on)
    is distinct from (new.kind, new.customer_id, new.user_id, new.received_at, new.received_on, new.due_on))
  execute function availability.refuse_update('data_subject_requests_received_immutable_check',
    'What was asked, and when, is not changed.');

-- dsr_items -----------------------------------------------------------------------------------------------------------

create table governance.dsr_items (
  biz_id uuid not null,
  id uuid not null,
  request_id uuid not null,
  module text not null,
  action governance.dsr_item_action not null,
  status governance.dsr_item_status not null default 'pending',
  record_count integer,
  export_media_id uuid,
  refusal_basis text,
  answered_at timestamptz,
  error text,
  constraint dsr_items_pkey primary key (biz_id, id),
  constraint dsr_items_request_id_fkey foreign key (biz_id, request_id)
    references governance.data_subject_requests (biz_id, id),
  constraint dsr_items_export_media_id_fkey foreign key (biz_id, export_media_id)
    references core.media_assets (biz_id, id),
  constraint dsr_items_refusal_basis_check check (btrim(refusal_basis) <> '' and length(refusal_basis) <= 2000),
  constraint dsr_items_error_check check (length(error) <= 2000),
  constraint dsr_items_module_key unique (biz_id, request_id, module, action),
  constraint dsr_items_module_check check (module ~ '^[a-z][a-z_]*$' and length(module) <= 60),
  constraint dsr_items_record_count_check check (record_count >= 0),
  constraint dsr_items_answered_check check ((status in ('done', 'nothing_found', 'refused')) = (answered_at is not null)),
  constraint dsr_items_refused_check check ((status = 'refused') = (refusal_basis is not null)),
  constraint dsr_items_export_check check (export_media_id is null or action = 'export')
);
comment on table governance.dsr_items is 'What one module answers to a request about personal data.';
comment on column governance.dsr_items.request_id is 'The request.';
comment on column governance.dsr_items.module is 'The module that is asked, for example booking.';
comment on column governance.dsr_items.action is 'What it is to do.';
comment on column governance.dsr_items.status is 'What it answered.';
comment on column governance.dsr_items.record_count is 'How many rows it found.';
comment on column governance.dsr_items.export_media_id is 'What it gave out.';
comment on column governance.dsr_items.refusal_basis is 'The law that says it must keep what it has.';
comment on column governance.dsr_items.answered_at is 'When it answered.';
comment on column governance.dsr_items.error is 'Why it could not.';
comment on constraint dsr_items_refusal_basis_check on governance.dsr_items is 'The refusal basis must not be blank, and has at most 2,000 characters.';
comment on constraint dsr_items_error_check on governance.dsr_items is 'The error has at most 2,000 characters.';
comment on constraint dsr_items_module_key on governance.dsr_items is 'The module was asked this already.';
comment on constraint dsr_items_module_check on governance.dsr_items is 'A module is written in lower case. It has at most 60 characters.';
comment on constraint dsr_items_record_count_check on governance.dsr_items is 'A count cannot be negative.';
comment on constraint dsr_items_answered_check on governance.dsr_items is 'An answer says when it was given.';
comment on constraint dsr_items_refused_check on governance.dsr_items is 'A refusal names the law, and nothing else does.';
comment on constraint dsr_items_export_check on governance.dsr_items is 'Only what is given out has a file.';

call core.install_table('governance.dsr_items', 'T', 'gvdi');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('dsr_item', 'pending', 'done', false),
  ('dsr_item', 'pending', 'nothing_found', false),
  ('dsr_item', 'pending', 'refused', true),
  ('dsr_item', 'pending', 'failed', false),
  ('dsr_item', 'failed', 'pending', false),
  ('dsr_item', 'done', 'pending', true),
  ('dsr_item', 'nothing_found', 'pending', true),
  ('dsr_item', 'refused', 'pending', true);
call core.install_state_machine('governance.dsr_items', 'status', 'dsr_item');

-- An answer and the end of its request take turns on the request's row, so that none is missed and none comes late.

create function governance.guard_dsr_item() returns trigger
language plpgsql as $$
begin
  perform
  from governance.data_subject_requests r
  where r.biz_id = new.biz_id
    and r.id = new.request_id
    and r.status in ('received', 'verifying', 'in_progress', 'on_hold')
  for share;
  if not found then
    raise exception using
      errcode = '23514',
      message = 'Modules answer while the request is in progress.',
      schema = 'governance',
      table = 'dsr_items',
      column = 'request_id',
      constraint = 'dsr_items_request_open_check';
  end if;
  return new;
end
$$;
comment on function governance.guard_dsr_item() is 'Trigger: modules are asked and answer while the request is in progress.';
create trigger dsr_items_request_open
  before insert or update on governance.dsr_items
  for each row execute function governance.guard_dsr_item();

create function governance.check_dsr_answers() returns trigger
language plpgsql as $$
declare
  answers record;
begin
  select count(*) as asked,
    count(*) filter (where i.status in ('pending', 'failed')) as missing,
    count(*) filter (where i.status = 'refused') as refused
  into answers
  from governance.dsr_items i
  where i.biz_id = new.biz_id
    and i.request_id = new.id;
  if answers.asked = 0 or answers.missing > 0 then
    raise exception using
      errcode = '23514',
      message = 'Every module must have answered.',
      schema = 'governance',
      table = 'data_subject_requests',
      column = 'status',
      constraint = 'data_subject_requests_answered_check';
  elsif (new.status = 'fulfilled' and answers.refused > 0) or (new.status = 'partially_fulfilled' and answers.refused = 0) then
    raise exception using
      errcode = '23514',
      message = 'A request is fulfilled in part where a module refused, and wholly where none did.',
      schema = 'governance',
      table = 'data_subject_requests',
      column = 'status',
      constraint = 'data_subject_requests_outcome_check';
  end if;
  return null;
end
$$;
comment on function governance.check_dsr_answers() is 'Trigger: a request goes to approval, and is fulfilled, when every module has answered.';
create trigger data_subject_requests_answers
  after update of status on governance.data_subject_requests
  for each row when (new.status in ('awaiting_approval', 'fulfilled', 'partially_fulfilled') and old.status
    is distinct from new.status)
  execute function governance.check_dsr_answers();

-- redaction_jobs ------------------------------------------------------------------------------------------------------

create table governance.redaction_jobs (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  request_id uuid,
  policy_id uuid,
  plan jsonb not null default '{}',
  dry_run jsonb,
  dry_run_at timestamptz,
  requested_by_id uuid not null,
  approved_by_id uuid,
  approved_at timestamptz,
  status governance.redaction_job_status not null default 'draft',
  planned integer not null default 0,
  redacted integer not null default 0,
  kept integer not null default 0,
  failed integer not null default 0,
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  created_at timestamptz not null default now(),
  constraint redaction_jobs_pkey primary key (biz_id, id),
  constraint redaction_jobs_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint redaction_jobs_request_id_fkey foreign key (biz_id, request_id)
    references governance.data_subject_requests (biz_id, id),
  constraint redaction_jobs_policy_id_fkey foreign key (biz_id, policy_id)
    references governance.retention_policies (biz_id, id),
  constraint redaction_jobs_plan_check check (jsonb_typeof(plan) = 'object'),
  constraint redaction_jobs_dry_run_check check (jsonb_typeof(dry_run) = 'object'),
  constraint redaction_jobs_requested_by_id_fkey foreign key (requested_by_id)
    references identity.users (id),
  constraint redaction_jobs_approved_by_id_fkey foreign key (approved_by_id)
    references identity.users (id),
  constraint redaction_jobs_error_check check (length(error) <= 2000),
  constraint redaction_jobs_number_key unique (biz_id, number),
  constraint redaction_jobs_ground_check check (num_nonnulls(request_id, policy_id) = 1),
  constraint redaction_jobs_tried_check check (
    (dry_run is null) = (dry_run_at is null) and (status in ('draft', 'blocked') or dry_run is not null)),
  constraint redaction_jobs_approved_check check (num_nonnulls(approved_by_id, approved_at) in (0, 2)
    and (status not in ('approved', 'running', 'completed', 'failed') or approved_at is not null)),
  constraint redaction_jobs_four_eyes_check check (approved_by_id <> requested_by_id),
  constraint redaction_jobs_counts_check check (
    least(planned, redacted, kept, failed) >= 0 and redacted + kept + failed <= planned),
  constraint redaction_jobs_finished_check check (
    (status = 'completed') = (finished_at is not null) and (status <> 'running' or started_at is not null))
);
comment on table governance.redaction_jobs is 'That data are erased or made unrecognisable: for a request of the person, or as their time is over.';
comment on column governance.redaction_jobs.number is 'Number that people use.';
comment on column governance.redaction_jobs.request_id is 'The request for which it is done.';
comment on column governance.redaction_jobs.policy_id is 'The retention policy for which it is done.';
comment on column governance.redaction_jobs.plan is 'What is done in each module, and what is kept and why.';
comment on column governance.redaction_jobs.dry_run is 'What a trial found.';
comment on column governance.redaction_jobs.dry_run_at is 'When it was last tried.';
comment on column governance.redaction_jobs.requested_by_id is 'Who planned it.';
comment on column governance.redaction_jobs.approved_by_id is 'The second person who agreed.';
comment on column governance.redaction_jobs.approved_at is 'When that person agreed.';
comment on column governance.redaction_jobs.status is 'Where it stands.';
comment on column governance.redaction_jobs.planned is 'How many rows it concerns.';
comment on column governance.redaction_jobs.redacted is 'With how many it was done.';
comment on column governance.redaction_jobs.kept is 'How many are kept, as planned or for a hold.';
comment on column governance.redaction_jobs.failed is 'With how many it could not be done.';
comment on column governance.redaction_jobs.started_at is 'When it was first begun.';
comment on column governance.redaction_jobs.finished_at is 'When it was done.';
comment on column governance.redaction_jobs.error is 'Why it stopped.';
comment on constraint redaction_jobs_number_check on governance.redaction_jobs is 'The number must not be blank, and has at most 60 characters.';
comment on constraint redaction_jobs_plan_check on governance.redaction_jobs is 'The plan is a JSON object.';
comment on constraint redaction_jobs_dry_run_check on governance.redaction_jobs is 'The dry run is a JSON object.';
comment on constraint redaction_jobs_error_check on governance.redaction_jobs is 'The error has at most 2,000 characters.';
comment on constraint redaction_jobs_number_key on governance.redaction_jobs is 'Another redaction has this number.';
comment on constraint redaction_jobs_ground_check on governance.redaction_jobs is 'A redaction is done for a request or for a retention policy.';
comment on constraint redaction_jobs_tried_check on governance.redaction_jobs is 'A redaction is tried before it is done.';
comment on constraint redaction_jobs_approved_check on governance.redaction_jobs is 'A redaction is approved before it is done.';
comment on constraint redaction_jobs_four_eyes_check on governance.redaction_jobs is 'Whoever planned it cannot approve it.';
comment on constraint redaction_jobs_counts_check on governance.redaction_jobs is 'No more rows are counted than were planned.';
comment on constraint redaction_jobs_finished_check on governance.redaction_jobs is 'A redaction that was done says when.';
create unique index redaction_jobs_request_id_key on governance.redaction_jobs (biz_id, request_id)
  where request_id is not null and status <> 'completed';
comment on index governance.redaction_jobs_request_id_key is 'A redaction for this request is under way.';
create index redaction_jobs_board_idx on governance.redaction_jobs (biz_id, status, created_at desc, id);

call core.install_table('governance.redaction_jobs', 'T', 'gvrj', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('redaction_job', 'draft', 'dry_run', false),
  ('redaction_job', 'dry_run', 'draft', false),
  ('redaction_job', 'dry_run', 'approved', false),
  ('redaction_job', 'approved', 'draft', true),
  ('redaction_job', 'approved', 'running', false),
  ('redaction_job', 'running', 'completed', false),
  ('redaction_job', 'running', 'failed', true),
  ('redaction_job', 'running', 'blocked', true),
  ('redaction_job', 'failed', 'running', false),
  ('redaction_job', 'failed', 'blocked', true),
  ('redaction_job', 'approved', 'blocked', true),
  ('redaction_job', 'dry_run', 'blocked', true),
  ('redaction_job', 'blocked', 'draft', false);
call core.install_state_machine('governance.redaction_jobs', 'status', 'redaction_job');

create trigger redaction_jobs_plan_immutable
  before update on governance.redaction_jobs
  for each row when (old.status not in ('draft', 'dry_run', 'blocked')
    and (old.request_id, old.policy_id, old.plan, old.requested_by_id)
    is distinct from (new.request_id, new.policy_id, new.plan, new.requested_by_id))
  execute function availability.refuse_update('redaction_jobs_plan_immutable_check',
    'A plan that was approved is not changed.');

-- redaction_job_targets -----------------------------------------------------------------------------------------------

create table governance.redaction_job_targets (
  biz_id uuid not null,
  id uuid not null,
  job_id uuid not null,
  module text not null,
  subject_type text not null,
  subject_id uuid not null,
  action governance.redaction_action not null,
  legal_reference text,
  status governance.redaction_target_status not null default 'pending',
  done_at timestamptz,
  error text,
  constraint redaction_job_targets_pkey primary key (biz_id, id),
  constraint redaction_job_targets_job_id_fkey foreign key (biz_id, job_id)
    references governance.redaction_jobs (biz_id, id),
  constraint redaction_job_targets_module_check check (btrim(module) <> '' and length(module) <= 60),
  constraint redaction_job_targets_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint redaction_job_targets_legal_reference_check check (
    btrim(legal_reference) <> '' and length(legal_reference) <= 500),
  constraint redaction_job_targets_error_check check (length(error) <= 2000),
  constraint redaction_job_targets_subject_key unique (biz_id, job_id, subject_type, subject_id, action),
  constraint redaction_job_targets_done_check check ((status = 'done') = (done_at is not null)),
  constraint redaction_job_targets_kept_check check ((action <> 'keep' or legal_reference is not null) and (status <> 'kept'
    or action = 'keep') and (action <> 'keep' or status in ('pending', 'kept')))
);
comment on table governance.redaction_job_targets is 'One row that a redaction concerns, what is done to it, and what became of it; by them a redaction that stopped is taken up again.';
comment on column governance.redaction_job_targets.job_id is 'The redaction.';
comment on column governance.redaction_job_targets.module is 'The module whose row it is.';
comment on column governance.redaction_job_targets.subject_type is 'What it is: an entity name, for example Customer.';
comment on column governance.redaction_job_targets.subject_id is 'Which one: its id.';
comment on column governance.redaction_job_targets.action is 'What is done to it.';
comment on column governance.redaction_job_targets.legal_reference is 'The law that says it must be kept.';
comment on column governance.redaction_job_targets.status is 'What became of it.';
comment on column governance.redaction_job_targets.done_at is 'When it was done.';
comment on column governance.redaction_job_targets.error is 'Why it could not be done.';
comment on constraint redaction_job_targets_module_check on governance.redaction_job_targets is 'The module must not be blank, and has at most 60 characters.';
comment on constraint redaction_job_targets_subject_fkey on governance.redaction_job_targets is 'Must be an existing subject of this tenant.';
comment on constraint redaction_job_targets_legal_reference_check on governance.redaction_job_targets is 'The legal reference must not be blank, and has at most 500 characters.';
comment on constraint redaction_job_targets_error_check on governance.redaction_job_targets is 'The error has at most 2,000 characters.';
comment on constraint redaction_job_targets_subject_key on governance.redaction_job_targets is 'The redaction concerns this already.';
comment on constraint redaction_job_targets_done_check on governance.redaction_job_targets is 'What was done says when.';
comment on constraint redaction_job_targets_kept_check on governance.redaction_job_targets is 'What is kept names the law, and nothing is done to it.';
-- What is left to do.
create index redaction_job_targets_open_idx on governance.redaction_job_targets (biz_id, job_id,
  id) where status in ('pending', 'failed', 'held');

call core.install_table('governance.redaction_job_targets', 'T', 'gvrg');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('redaction_target', 'pending', 'done', false),
  ('redaction_target', 'pending', 'kept', false),
  ('redaction_target', 'pending', 'held', false),
  ('redaction_target', 'pending', 'failed', false),
  ('redaction_target', 'failed', 'pending', false),
  ('redaction_target', 'held', 'pending', false);
call core.install_state_machine('governance.redaction_job_targets', 'status', 'redaction_target');

create trigger redaction_job_targets_held
  before update of status on governance.redaction_job_targets
  for each row when (new.status = 'done' and old.status <> 'done')
  execute function governance.refuse_held();

create function governance.guard_redaction_start() returns trigger
language plpgsql as $$
begin
  perform governance.lock_holds(new.biz_id, false);
  if exists (
    select
    from governance.redaction_job_targets t
    where t.biz_id = new.biz_id
      and t.job_id = new.id
      and t.action <> 'keep'
      and t.status in ('pending', 'failed')
      and governance.is_held(t.biz_id, t.subject_type, t.subject_id)
  ) then
    raise exception using
      errcode = '23514',
      message = 'A legal hold stands against this redaction.',
      schema = 'governance',
      table = 'redaction_jobs',
      column = 'status',
      constraint = 'redaction_jobs_held_check';
  end if;
  return new;
end
$$;
comment on function governance.guard_redaction_start() is 'Trigger: a redaction is not begun against a hold in force.';
create trigger redaction_jobs_held
  before update of status on governance.redaction_jobs
  for each row when (new.status = 'running' and old.status <> 'running')
  execute function governance.guard_redaction_start();

-- subject_keys --------------------------------------------------------------------------------------------------------

create table governance.subject_keys (
  biz_id uuid not null,
  id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  generation integer not null default 1,
  wrapped_key_enc bytea,
  master_key_ref text not null,
  destroyed_at timestamptz,
  redaction_job_id uuid,
  constraint subject_keys_pkey primary key (biz_id, id),
  constraint subject_keys_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint subject_keys_master_key_ref_check check (btrim(master_key_ref) <> '' and length(master_key_ref) <= 200),
  constraint subject_keys_redaction_job_id_fkey foreign key (biz_id, redaction_job_id)
    references governance.redaction_jobs (biz_id, id),
  constraint subject_keys_generation_key unique (biz_id, subject_type, subject_id, generation),
  constraint subject_keys_generation_check check (generation >= 1),
  constraint subject_keys_destroyed_check check ((destroyed_at is null) = (wrapped_key_enc is not null)),
  constraint subject_keys_redaction_job_check check (redaction_job_id is null or destroyed_at is not null)
);
comment on table governance.subject_keys is 'The key with which personal values of one subject are sealed. When it is destroyed, nobody can read them any more, wherever copies of them lie.';
comment on column governance.subject_keys.subject_type is 'Whose values: an entity name, for example Customer.';
comment on column governance.subject_keys.subject_id is 'Which one: its id.';
comment on column governance.subject_keys.generation is 'Which key of this subject it is, from 1.';
comment on column governance.subject_keys.wrapped_key_enc is 'The key, sealed with the tenant''s; empty when it was destroyed.';
comment on column governance.subject_keys.master_key_ref is 'Which key of the tenant seals it.';
comment on column governance.subject_keys.destroyed_at is 'When it was destroyed.';
comment on column governance.subject_keys.redaction_job_id is 'The redaction that destroyed it.';
comment on constraint subject_keys_subject_fkey on governance.subject_keys is 'Must be an existing subject of this tenant.';
comment on constraint subject_keys_master_key_ref_check on governance.subject_keys is 'The master key ref must not be blank, and has at most 200 characters.';
comment on constraint subject_keys_generation_key on governance.subject_keys is 'The subject has a key of this number.';
comment on constraint subject_keys_generation_check on governance.subject_keys is 'Keys count from 1.';
comment on constraint subject_keys_destroyed_check on governance.subject_keys is 'Of a key that was destroyed nothing is left.';
comment on constraint subject_keys_redaction_job_check on governance.subject_keys is 'A redaction destroys the key.';
create unique index subject_keys_live_key on governance.subject_keys (biz_id, subject_type, subject_id)
  where destroyed_at is null;
comment on index governance.subject_keys_live_key is 'The subject has a key already.';

call core.install_table('governance.subject_keys', 'T', 'gvsk');

create trigger subject_keys_destroyed_immutable
  before update on governance.subject_keys
  for each row when (old.destroyed_at is not null and (old.destroyed_at, old.wrapped_key_enc)
    is distinct from (new.destroyed_at, new.wrapped_key_enc))
  execute function availability.refuse_update('subject_keys_destroyed_immutable_check',
    'A key that was destroyed does not come back.');

create trigger subject_keys_subject_immutable
  before update on governance.subject_keys
  for each row when ((old.subject_type, old.subject_id, old.generation)
    is distinct from (new.subject_type, new.subject_id, new.generation))
  execute function availability.refuse_update('subject_keys_subject_immutable_check', 'A key stays with its subject.');

create trigger subject_keys_held
  before update of destroyed_at on governance.subject_keys
  for each row when (new.destroyed_at is not null and old.destroyed_at is null)
  execute function governance.refuse_held();

-- data_breaches -------------------------------------------------------------------------------------------------------

create table governance.data_breaches (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  title text not null,
  description text not null default '',
  data_classes text[] not null default '{}',
  occurred_at timestamptz,
  detected_at timestamptz not null,
  notify_by timestamptz not null,
  affected_count integer,
  risk governance.breach_risk not null default 'unknown',
  authority_notified_at timestamptz,
  authority_reference text,
  delay_reason text,
  subjects_notified_at timestamptz,
  not_notified_reason text,
  status governance.breach_status not null default 'open',
  closed_at timestamptz,
  constraint data_breaches_pkey primary key (biz_id, id),
  constraint data_breaches_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint data_breaches_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint data_breaches_description_check check (length(description) <= 10000),
  constraint data_breaches_authority_reference_check check (
    btrim(authority_reference) <> '' and length(authority_reference) <= 200),
  constraint data_breaches_delay_reason_check check (btrim(delay_reason) <> '' and length(delay_reason) <= 2000),
  constraint data_breaches_not_notified_reason_check check (
    btrim(not_notified_reason) <> '' and length(not_notified_reason) <= 2000),
  constraint data_breaches_number_key unique (biz_id, number),
  constraint data_breaches_data_classes_check check (data_classes <@ array['identity', 'contact', 'financial', 'booking',
    'stay', 'communication', 'preference', 'health', 'employment', 'location', 'media', 'behaviour', 'audit']),
  constraint data_breaches_notify_by_check check (notify_by > detected_at and notify_by <= detected_at + interval '72 hours'),
  constraint data_breaches_occurred_at_check check (occurred_at <= detected_at),
  constraint data_breaches_affected_count_check check (affected_count >= 0),
  constraint data_breaches_late_check check (authority_notified_at <= notify_by or delay_reason is not null),
  constraint data_breaches_closed_check check (
    (status = 'closed') = (closed_at is not null) and (status <> 'closed' or risk <> 'unknown')),
  constraint data_breaches_told_check check (status <> 'closed' or case risk
    when 'high_risk' then authority_notified_at is not null and subjects_notified_at is not null
    when 'risk' then authority_notified_at is not null else not_notified_reason is not null
    or authority_notified_at is not null end)
);
comment on table governance.data_breaches is 'That personal data were lost, changed or seen by the wrong people, and who was told in time.';
comment on column governance.data_breaches.number is 'Number that people use.';
comment on column governance.data_breaches.title is 'What happened, in a line.';
comment on column governance.data_breaches.description is 'What is known of it, and what was done.';
comment on column governance.data_breaches.data_classes is 'Which kinds of data.';
comment on column governance.data_breaches.occurred_at is 'When it happened, if known.';
comment on column governance.data_breaches.detected_at is 'When it was noticed.';
comment on column governance.data_breaches.notify_by is 'By when the authority must be told: within 72 hours.';
comment on column governance.data_breaches.affected_count is 'How many people it concerns, as far as known.';
comment on column governance.data_breaches.risk is 'What it means for them.';
comment on column governance.data_breaches.authority_notified_at is 'When the authority was told.';
comment on column governance.data_breaches.authority_reference is 'The authority''s number for it.';
comment on column governance.data_breaches.delay_reason is 'Why the authority was told later than it should.';
comment on column governance.data_breaches.subjects_notified_at is 'When those concerned were told.';
comment on column governance.data_breaches.not_notified_reason is 'Why nobody was told.';
comment on column governance.data_breaches.status is 'Where it stands.';
comment on column governance.data_breaches.closed_at is 'When it was settled.';
comment on constraint data_breaches_number_check on governance.data_breaches is 'The number must not be blank, and has at most 60 characters.';
comment on constraint data_breaches_title_check on governance.data_breaches is 'The title must not be blank, and has at most 200 characters.';
comment on constraint data_breaches_description_check on governance.data_breaches is 'The description has at most 10,000 characters.';
comment on constraint data_breaches_authority_reference_check on governance.data_breaches is 'The authority reference must not be blank, and has at most 200 characters.';
comment on constraint data_breaches_delay_reason_check on governance.data_breaches is 'The delay reason must not be blank, and has at most 2,000 characters.';
comment on constraint data_breaches_not_notified_reason_check on governance.data_breaches is 'The not notified reason must not be blank, and has at most 2,000 characters.';
comment on constraint data_breaches_number_key on governance.data_breaches is 'Another breach has this number.';
comment on constraint data_breaches_data_classes_check on governance.data_breaches is 'Unknown class of data.';
comment on constraint data_breaches_notify_by_check on governance.data_breaches is 'The authority is told within 72 hours.';
comment on constraint data_breaches_occurred_at_check on governance.data_breaches is 'Nothing is noticed before it happens.';
comment on constraint data_breaches_affected_count_check on governance.data_breaches is 'A count cannot be negative.';
comment on constraint data_breaches_late_check on governance.data_breaches is 'Whoever tells the authority late says why.';
comment on constraint data_breaches_closed_check on governance.data_breaches is 'A breach that was settled says when, and its risk is known.';
comment on constraint data_breaches_told_check on governance.data_breaches is 'Before a breach is settled those are told who must be.';
-- Whom to tell next.
create index data_breaches_open_idx on governance.data_breaches (biz_id, notify_by, id)
  where status <> 'closed';

call core.install_table('governance.data_breaches', 'T', 'gvbr', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('data_breach', 'open', 'contained', false),
  ('data_breach', 'open', 'closed', false),
  ('data_breach', 'contained', 'closed', false),
  ('data_breach', 'contained', 'open', true),
  ('data_breach', 'closed', 'open', true);
call core.install_state_machine('governance.data_breaches', 'status', 'data_breach');

-- compliance_reports --------------------------------------------------------------------------------------------------

create table governance.compliance_reports (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  kind governance.compliance_report_kind not null,
  location_id uuid,
  starts_on date not null,
  ends_on date not null,
  parameters jsonb not null default '{}',
  status governance.compliance_report_status not null default 'queued',
  generated_by_id uuid,
  generated_at timestamptz,
  media_id uuid,
  digest text,
  signed_by_id uuid,
  signed_at timestamptz,
  signature text,
  error text,
  created_at timestamptz not null default now(),
  constraint compliance_reports_pkey primary key (biz_id, id),
  constraint compliance_reports_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint compliance_reports_location_id_fkey foreign key (biz_id, location_id)
    references core.locations (biz_id, id),
  constraint compliance_reports_parameters_check check (jsonb_typeof(parameters) = 'object'),
  constraint compliance_reports_generated_by_id_fkey foreign key (generated_by_id)
    references identity.users (id),
  constraint compliance_reports_media_id_fkey foreign key (biz_id, media_id)
    references core.media_assets (biz_id, id),
  constraint compliance_reports_signed_by_id_fkey foreign key (signed_by_id)
    references identity.users (id),
  constraint compliance_reports_signature_check check (length(signature) <= 4000),
  constraint compliance_reports_error_check check (length(error) <= 2000),
  constraint compliance_reports_number_key unique (biz_id, number),
  constraint compliance_reports_dates_check check (ends_on > starts_on),
  constraint compliance_reports_digest_check check (digest ~ '^[0-9a-f]{64}$'),
  constraint compliance_reports_ready_check check (
    status not in ('ready', 'signed') or num_nonnulls(generated_at, media_id, digest) = 3),
  constraint compliance_reports_signed_check check (
    num_nonnulls(signed_by_id, signed_at, signature) = case when status = 'signed' then 3 else 0 end)
);
comment on table governance.compliance_reports is 'A report that proves to an authority or auditor what was done. Once signed, it is never changed.';
comment on column governance.compliance_reports.number is 'Number that people use.';
comment on column governance.compliance_reports.kind is 'What it proves.';
comment on column governance.compliance_reports.location_id is 'The one location it is about; empty where it is about all.';
comment on column governance.compliance_reports.starts_on is 'First day it is about.';
comment on column governance.compliance_reports.ends_on is 'First day after the last.';
comment on column governance.compliance_reports.parameters is 'What else was asked for.';
comment on column governance.compliance_reports.status is 'Where it stands.';
comment on column governance.compliance_reports.generated_by_id is 'Who asked for it; empty where it was due.';
comment on column governance.compliance_reports.generated_at is 'When it was made.';
comment on column governance.compliance_reports.media_id is 'The report.';
comment on column governance.compliance_reports.digest is 'SHA-256 of the file in hexadecimal.';
comment on column governance.compliance_reports.signed_by_id is 'Who signed it.';
comment on column governance.compliance_reports.signed_at is 'When it was signed.';
comment on column governance.compliance_reports.signature is 'The signature over the digest.';
comment on column governance.compliance_reports.error is 'Why it could not be made.';
comment on constraint compliance_reports_number_check on governance.compliance_reports is 'The number must not be blank, and has at most 60 characters.';
comment on constraint compliance_reports_parameters_check on governance.compliance_reports is 'The parameters are a JSON object.';
comment on constraint compliance_reports_signature_check on governance.compliance_reports is 'The signature has at most 4,000 characters.';
comment on constraint compliance_reports_error_check on governance.compliance_reports is 'The error has at most 2,000 characters.';
comment on constraint compliance_reports_number_key on governance.compliance_reports is 'Another report has this number.';
comment on constraint compliance_reports_dates_check on governance.compliance_reports is 'The end must be after the first day.';
comment on constraint compliance_reports_digest_check on governance.compliance_reports is 'A digest has 64 hexadecimal digits in lower case.';
comment on constraint compliance_reports_ready_check on governance.compliance_reports is 'A report that was made has a file and its digest.';
comment on constraint compliance_reports_signed_check on governance.compliance_reports is 'A signed report says by whom, when and how, and no other does.';
create index compliance_reports_board_idx on governance.compliance_reports (biz_id, kind, starts_on desc, id);
create index compliance_reports_status_idx on governance.compliance_reports (biz_id, status, created_at desc, id);

call core.install_table('governance.compliance_reports', 'T', 'gvcr', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('compliance_report', 'queued', 'generating', false),
  ('compliance_report', 'generating', 'ready', false),
  ('compliance_report', 'generating', 'failed', false),
  ('compliance_report', 'ready', 'signed', false),
  ('compliance_report', 'failed', 'queued', false),
  ('compliance_report', 'ready', 'queued', false);
call core.install_state_machine('governance.compliance_reports', 'status', 'compliance_report');

create trigger compliance_reports_signed_immutable
  before update on governance.compliance_reports
  for each row when (old.status = 'signed')
  execute function availability.refuse_update('compliance_reports_signed_immutable_check', 'A signed report is never changed.');
