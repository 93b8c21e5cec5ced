-- Governance: what the law asks of the tenant's data. How long it is kept and where, what must not be deleted, what people
-- ask about their data, and the proof of what was done. A hold goes before everything that deletes.

create schema governance;
comment on schema governance is 'Privacy and retention: policies, legal holds, requests of data subjects, redaction, and reports that prove it.';

create domain governance.data_class as text constraint data_class_check check (value in (
  'identity', 'contact', 'financial', 'booking', 'stay', 'communication', 'preference', 'health', 'employment', 'location', 'media', 'behaviour', 'audit'));
comment on domain governance.data_class is 'What kind of data something is, as rules tell it apart.
identity: Names, dates of birth, documents of identity.
contact: Addresses, mail addresses, telephone numbers.
financial: Means of payment, invoices, payments.
booking: What somebody booked, bought or used.
stay: Where and when somebody slept; registration forms.
communication: Messages and notifications.
preference: Wishes, habits, segments.
health: Anything about health, allergies included.
employment: What concerns staff as such: contracts, leave, pay.
location: Where somebody or something was.
media: Pictures, films, recordings.
behaviour: What somebody did on site or in an app.
audit: Who did what; security logs.';
comment on constraint data_class_check on domain governance.data_class is 'Unknown class of data.';

create domain governance.pci_scope as text constraint pci_scope_check check (value in (
  'none', 'saq_a', 'saq_b', 'saq_c', 'saq_d'));
comment on domain governance.pci_scope is 'How far the rules for card data apply.
none: No cards are taken.
saq_a: Cards are taken on pages of the processor alone.
saq_b: Cards are taken on terminals of the processor alone.
saq_c: Cards pass through the tenant''s network.
saq_d: Card data are kept.';
comment on constraint pci_scope_check on domain governance.pci_scope is 'Unknown scope.';

create domain governance.retention_basis as text constraint retention_basis_check check (value in (
  'created', 'closed', 'last_activity', 'fiscal_year_end'));
comment on domain governance.retention_basis is 'From when the time is counted for which something is kept.
created: From when it was written.
closed: From when it came to its end.
last_activity: From when its subject last did something.
fiscal_year_end: From the end of the business year it falls in.';
comment on constraint retention_basis_check on domain governance.retention_basis is 'Unknown basis.';

create domain governance.retention_action as text constraint retention_action_check check (value in (
  'delete', 'anonymise', 'archive'));
comment on domain governance.retention_action is 'What becomes of data whose time is over.
delete: They are deleted.
anonymise: What says whom they concern is taken out.
archive: They are moved to where nobody works with them.';
comment on constraint retention_action_check on domain governance.retention_action is 'Unknown action.';

create domain governance.retention_run_status as text constraint retention_run_status_check check (value in (
  'queued', 'running', 'completed', 'failed'));
comment on domain governance.retention_run_status is 'Where a run of a retention policy stands.
queued: Waits for its turn.
running: At it.
completed: Done.
failed: Stopped by an error; can be taken up again.';
comment on constraint retention_run_status_check on domain governance.retention_run_status is 'Unknown run status.';

create domain governance.legal_hold_status as text constraint legal_hold_status_check check (value in (
  'active', 'released'));
comment on domain governance.legal_hold_status is 'Whether a legal hold is in force.
active: Nothing of it is deleted or redacted.
released: Over.';
comment on constraint legal_hold_status_check on domain governance.legal_hold_status is 'Unknown hold status.';

create domain governance.processing_basis as text constraint processing_basis_check check (value in (
  'consent', 'contract', 'legal_obligation', 'vital_interest', 'public_task', 'legitimate_interest'));
comment on domain governance.processing_basis is 'On which ground of law data are processed.
consent: The person consented.
contract: A contract with the person needs it.
legal_obligation: A law demands it.
vital_interest: Somebody''s life may depend on it.
public_task: It is a task in the public interest.
legitimate_interest: The tenant has an interest that weighs more than the person''s.';
comment on constraint processing_basis_check on domain governance.processing_basis is 'Unknown basis.';

-- tenant_compliance_profiles ------------------------------------------------------------------------------------------

create table governance.tenant_compliance_profiles (
  biz_id uuid not null,
  id uuid not null,
  regimes text[] not null default '{}',
  pci_scope governance.pci_scope not null default 'none',
  country char(2),
  authority_name text,
  controller_name text,
  dpo_name text,
  dpo_email text,
  privacy_notice_url text,
  dsr_days integer not null default 30,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint tenant_compliance_profiles_pkey primary key (biz_id, id),
  constraint tenant_compliance_profiles_country_fkey foreign key (country)
    references core.countries (code),
  constraint tenant_compliance_profiles_authority_name_check check (
    btrim(authority_name) <> '' and length(authority_name) <= 200),
  constraint tenant_compliance_profiles_controller_name_check check (
    btrim(controller_name) <> '' and length(controller_name) <= 200),
  constraint tenant_compliance_profiles_dpo_name_check check (btrim(dpo_name) <> '' and length(dpo_name) <= 200),
  constraint tenant_compliance_profiles_settings_check check (jsonb_typeof(settings) = 'object'),
  constraint tenant_compliance_profiles_regimes_check check (
    regimes <@ array['gdpr', 'uk_gdpr', 'ccpa', 'lgpd', 'pipeda', 'popia']),
  constraint tenant_compliance_profiles_dpo_email_check check (dpo_email ~ '^[^@\s]+@[^@\s]+$' and length(dpo_email) <= 254),
  constraint tenant_compliance_profiles_privacy_notice_url_check check (
    privacy_notice_url ~ '^https://' and length(privacy_notice_url) <= 1000),
  constraint tenant_compliance_profiles_dsr_days_check check (dsr_days between 1 and 30)
);
comment on table governance.tenant_compliance_profiles is 'Which laws the tenant is under, and who answers for it.';
comment on column governance.tenant_compliance_profiles.regimes is 'The laws on data that apply: gdpr, uk_gdpr, ccpa, lgpd, pipeda, popia.';
comment on column governance.tenant_compliance_profiles.pci_scope is 'How far the rules for card data apply.';
comment on column governance.tenant_compliance_profiles.country is 'The country whose authority supervises the tenant.';
comment on column governance.tenant_compliance_profiles.authority_name is 'That authority.';
comment on column governance.tenant_compliance_profiles.controller_name is 'Who answers for the data, by name.';
comment on column governance.tenant_compliance_profiles.dpo_name is 'The data protection officer.';
comment on column governance.tenant_compliance_profiles.dpo_email is 'How to reach that officer.';
comment on column governance.tenant_compliance_profiles.privacy_notice_url is 'Where the privacy notice can be read.';
comment on column governance.tenant_compliance_profiles.dsr_days is 'Within how many days the tenant wants to answer requests; the law allows a month.';
comment on column governance.tenant_compliance_profiles.settings is 'What else the modules need to know.';
comment on constraint tenant_compliance_profiles_authority_name_check on governance.tenant_compliance_profiles is 'The authority name must not be blank, and has at most 200 characters.';
comment on constraint tenant_compliance_profiles_controller_name_check on governance.tenant_compliance_profiles is 'The controller name must not be blank, and has at most 200 characters.';
comment on constraint tenant_compliance_profiles_dpo_name_check on governance.tenant_compliance_profiles is 'The dpo name must not be blank, and has at most 200 characters.';
comment on constraint tenant_compliance_profiles_settings_check on governance.tenant_compliance_profiles is 'The settings are a JSON object.';
comment on constraint tenant_compliance_profiles_regimes_check on governance.tenant_compliance_profiles is 'Unknown regime.';
comment on constraint tenant_compliance_profiles_dpo_email_check on governance.tenant_compliance_profiles is 'This is not a mail address. It has at most 254 characters.';
comment on constraint tenant_compliance_profiles_privacy_notice_url_check on governance.tenant_compliance_profiles is 'A notice is read over https. It has at most 1,000 characters.';
comment on constraint tenant_compliance_profiles_dsr_days_check on governance.tenant_compliance_profiles is 'Requests are answered within 30 days.';
create unique index tenant_compliance_profiles_biz_id_key on governance.tenant_compliance_profiles (biz_id)
  where deleted_at is null;
comment on index governance.tenant_compliance_profiles_biz_id_key is 'The tenant has a profile already.';

call core.install_table('governance.tenant_compliance_profiles', 'M', 'gvpr');

-- processing_activities -----------------------------------------------------------------------------------------------

create table governance.processing_activities (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  purpose text not null,
  lawful_basis governance.processing_basis not null,
  data_classes text[] not null,
  subjects text not null,
  recipients text,
  transfers text,
  is_assessed boolean not null default false,
  assessed_on date,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint processing_activities_pkey primary key (biz_id, id),
  constraint processing_activities_code_check check (btrim(code) <> '' and length(code) <= 60),
  constraint processing_activities_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint processing_activities_purpose_check check (btrim(purpose) <> '' and length(purpose) <= 2000),
  constraint processing_activities_subjects_check check (btrim(subjects) <> '' and length(subjects) <= 500),
  constraint processing_activities_recipients_check check (length(recipients) <= 2000),
  constraint processing_activities_transfers_check check (length(transfers) <= 2000),
  constraint processing_activities_data_classes_check check (cardinality(data_classes) > 0
    and data_classes <@ array['identity', 'contact', 'financial', 'booking', 'stay', 'communication', 'preference', 'health',
    'employment', 'location', 'media', 'behaviour', 'audit']),
  constraint processing_activities_assessed_check check (is_assessed = (assessed_on is not null))
);
comment on table governance.processing_activities is 'One thing that is done with personal data: an entry of the register that the law wants kept.';
comment on column governance.processing_activities.code is 'Short name.';
comment on column governance.processing_activities.name is 'What is done.';
comment on column governance.processing_activities.purpose is 'For what.';
comment on column governance.processing_activities.lawful_basis is 'On which ground.';
comment on column governance.processing_activities.data_classes is 'Which kinds of data.';
comment on column governance.processing_activities.subjects is 'Whose data, for example guests or staff.';
comment on column governance.processing_activities.recipients is 'Who gets them.';
comment on column governance.processing_activities.transfers is 'To which countries outside they go, and on which ground.';
comment on column governance.processing_activities.is_assessed is 'Whether the risks were assessed.';
comment on column governance.processing_activities.assessed_on is 'When they were last assessed.';
comment on constraint processing_activities_code_check on governance.processing_activities is 'The code must not be blank, and has at most 60 characters.';
comment on constraint processing_activities_name_check on governance.processing_activities is 'The name must not be blank, and has at most 200 characters.';
comment on constraint processing_activities_purpose_check on governance.processing_activities is 'The purpose must not be blank, and has at most 2,000 characters.';
comment on constraint processing_activities_subjects_check on governance.processing_activities is 'The subjects must not be blank, and has at most 500 characters.';
comment on constraint processing_activities_recipients_check on governance.processing_activities is 'The recipients has at most 2,000 characters.';
comment on constraint processing_activities_transfers_check on governance.processing_activities is 'The transfers has at most 2,000 characters.';
comment on constraint processing_activities_data_classes_check on governance.processing_activities is 'There is at least one class of data, and each is known.';
comment on constraint processing_activities_assessed_check on governance.processing_activities is 'An assessment says when it was made.';
create unique index processing_activities_code_key on governance.processing_activities (biz_id, code)
  where deleted_at is null;
comment on index governance.processing_activities_code_key is 'Another activity has this code.';

call core.install_table('governance.processing_activities', 'M', 'gvpa', registrable => true);

-- data_residency_policies ---------------------------------------------------------------------------------------------

create table governance.data_residency_policies (
  biz_id uuid not null,
  id uuid not null,
  data_class governance.data_class not null,
  allowed_regions text[] not null,
  legal_reference text,
  starts_on date not null,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint data_residency_policies_pkey primary key (biz_id, id),
  constraint data_residency_policies_legal_reference_check check (
    btrim(legal_reference) <> '' and length(legal_reference) <= 500),
  constraint data_residency_policies_allowed_regions_check check (
    cardinality(allowed_regions) between 1 and 50 and array_position(allowed_regions, '') is null),
  constraint data_residency_policies_dates_check check (ends_on > starts_on),
  constraint data_residency_policies_no_overlap_excl exclude using gist (
    biz_id with =, data_class with =, period with &&) where (deleted_at is null)
);
comment on table governance.data_residency_policies is 'In which regions data of a class may lie.';
comment on column governance.data_residency_policies.data_class is 'The class of data.';
comment on column governance.data_residency_policies.allowed_regions is 'The regions, for example eu-west or br-south.';
comment on column governance.data_residency_policies.legal_reference is 'The law that says so.';
comment on column governance.data_residency_policies.starts_on is 'First day.';
comment on column governance.data_residency_policies.ends_on is 'First day after the last; empty where it has no end.';
comment on column governance.data_residency_policies.period is 'From starts_on to ends_on, as a range.';
comment on constraint data_residency_policies_legal_reference_check on governance.data_residency_policies is 'The legal reference must not be blank, and has at most 500 characters.';
comment on constraint data_residency_policies_allowed_regions_check on governance.data_residency_policies is 'There is at least one region.';
comment on constraint data_residency_policies_dates_check on governance.data_residency_policies is 'The end must be after the first day.';
comment on constraint data_residency_policies_no_overlap_excl on governance.data_residency_policies is 'There is a policy for this class and one of these days already.';

call core.install_table('governance.data_residency_policies', 'M', 'gvrs');

-- retention_policies --------------------------------------------------------------------------------------------------

create table governance.retention_policies (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  data_class governance.data_class not null,
  entity_name text,
  country char(2),
  keep_days integer not null,
  basis governance.retention_basis not null,
  action governance.retention_action not null,
  priority integer not null default 100,
  legal_reference text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint retention_policies_pkey primary key (biz_id, id),
  constraint retention_policies_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint retention_policies_country_fkey foreign key (country)
    references core.countries (code),
  constraint retention_policies_legal_reference_check check (btrim(legal_reference) <> '' and length(legal_reference) <= 500),
  constraint retention_policies_entity_name_check check (entity_name ~ '^[A-Z][A-Za-z0-9]*$' and length(entity_name) <= 100),
  constraint retention_policies_keep_days_check check (keep_days between 0 and 36525),
  constraint retention_policies_priority_check check (priority >= 0)
);
comment on table governance.retention_policies is 'How long data of a class are kept, and what becomes of them then.';
comment on column governance.retention_policies.name is 'Name shown to staff.';
comment on column governance.retention_policies.data_class is 'The class of data.';
comment on column governance.retention_policies.entity_name is 'The one kind of row it is about, for example Customer; empty where it is about the whole class.';
comment on column governance.retention_policies.country is 'The country whose law says so; empty where it holds everywhere.';
comment on column governance.retention_policies.keep_days is 'For how many days they are kept.';
comment on column governance.retention_policies.basis is 'From when these are counted.';
comment on column governance.retention_policies.action is 'What becomes of them then.';
comment on column governance.retention_policies.priority is 'Where two policies fit, the one of lowest number holds; policies of one kind of row come before those of a class.';
comment on column governance.retention_policies.legal_reference is 'The law that says so.';
comment on column governance.retention_policies.is_active is 'Whether it is carried out.';
comment on constraint retention_policies_name_check on governance.retention_policies is 'The name must not be blank, and has at most 200 characters.';
comment on constraint retention_policies_legal_reference_check on governance.retention_policies is 'The legal reference must not be blank, and has at most 500 characters.';
comment on constraint retention_policies_entity_name_check on governance.retention_policies is 'A kind of row is the name of an entity, such as Customer. It has at most 100 characters.';
comment on constraint retention_policies_keep_days_check on governance.retention_policies is 'Data are kept for 100 years at most.';
comment on constraint retention_policies_priority_check on governance.retention_policies is 'A priority is 0 or more.';
create unique index retention_policies_fits_key on governance.retention_policies (biz_id, data_class, entity_name, country,
  priority) nulls not distinct
  where deleted_at is null;
comment on index governance.retention_policies_fits_key is 'A policy of this priority fits the same.';

call core.install_table('governance.retention_policies', 'M', 'gvrt', registrable => true);
call core.configure_graph('governance.retention_policies', aggregates => true);

-- retention_runs ------------------------------------------------------------------------------------------------------

create table governance.retention_runs (
  biz_id uuid not null,
  id uuid not null,
  policy_id uuid not null,
  as_of date not null,
  is_dry_run boolean not null default false,
  matched integer not null default 0,
  done integer not null default 0,
  held integer not null default 0,
  failed integer not null default 0,
  status governance.retention_run_status not null default 'queued',
  started_at timestamptz,
  finished_at timestamptz,
  error text,
  created_at timestamptz not null default now(),
  constraint retention_runs_pkey primary key (biz_id, id),
  constraint retention_runs_policy_id_fkey foreign key (biz_id, policy_id)
    references governance.retention_policies (biz_id, id),
  constraint retention_runs_error_check check (length(error) <= 2000),
  constraint retention_runs_counts_check check (least(matched, done, held, failed) >= 0 and done + held + failed <= matched),
  constraint retention_runs_dry_run_check check (not is_dry_run or done = 0),
  constraint retention_runs_started_check check (status = 'queued' or started_at is not null),
  constraint retention_runs_finished_check check ((status in ('completed', 'failed')) = (finished_at is not null))
);
comment on table governance.retention_runs is 'That a retention policy was carried out, or tried, as of a day.';
comment on column governance.retention_runs.policy_id is 'The policy.';
comment on column governance.retention_runs.as_of is 'The day as of which the time is reckoned.';
comment on column governance.retention_runs.is_dry_run is 'Whether it is only counted what would be done.';
comment on column governance.retention_runs.matched is 'How many rows had had their time.';
comment on column governance.retention_runs.done is 'With how many it was done.';
comment on column governance.retention_runs.held is 'How many a legal hold kept.';
comment on column governance.retention_runs.failed is 'With how many it could not be done.';
comment on column governance.retention_runs.status is 'Where it stands.';
comment on column governance.retention_runs.started_at is 'When it was begun.';
comment on column governance.retention_runs.finished_at is 'When it was done or failed.';
comment on column governance.retention_runs.error is 'Why it failed.';
comment on constraint retention_runs_error_check on governance.retention_runs is 'The error has at most 2,000 characters.';
comment on constraint retention_runs_counts_check on governance.retention_runs is 'No more rows are counted than matched.';
comment on constraint retention_runs_dry_run_check on governance.retention_runs is 'A trial does nothing.';
comment on constraint retention_runs_started_check on governance.retention_runs is 'A run that was begun says when.';
comment on constraint retention_runs_finished_check on governance.retention_runs is 'A run that is over says when.';
create unique index retention_runs_running_key on governance.retention_runs (biz_id, policy_id)
  where status in ('queued', 'running');
comment on index governance.retention_runs_running_key is 'This policy is being carried out.';
create unique index retention_runs_as_of_key on governance.retention_runs (biz_id, policy_id, as_of)
  where not is_dry_run and status <> 'failed';
comment on index governance.retention_runs_as_of_key is 'The policy was carried out as of this day already.';
create index retention_runs_board_idx on governance.retention_runs (biz_id, created_at desc, id);

call core.install_table('governance.retention_runs', 'T', 'gvrr', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('retention_run', 'queued', 'running', false),
  ('retention_run', 'running', 'completed', false),
  ('retention_run', 'running', 'failed', false),
  ('retention_run', 'failed', 'running', false);
call core.install_state_machine('governance.retention_runs', 'status', 'retention_run');

create trigger retention_runs_policy_immutable
  before update on governance.retention_runs
  for each row when ((old.policy_id, old.as_of, old.is_dry_run) is distinct from (new.policy_id, new.as_of, new.is_dry_run))
  execute function availability.refuse_update('retention_runs_policy_immutable_check',
    'A run keeps its policy, its day and whether it is a trial.');

-- legal_holds ---------------------------------------------------------------------------------------------------------

create table governance.legal_holds (
  biz_id uuid not null,
  id uuid not null,
  number text not null,
  matter text not null,
  description text not null default '',
  data_classes text[] not null default '{}',
  starts_on date,
  ends_on date,
  issued_by_id uuid not null,
  issued_at timestamptz not null default now(),
  review_on date,
  status governance.legal_hold_status not null default 'active',
  released_at timestamptz,
  released_by_id uuid,
  constraint legal_holds_pkey primary key (biz_id, id),
  constraint legal_holds_number_check check (btrim(number) <> '' and length(number) <= 60),
  constraint legal_holds_matter_check check (btrim(matter) <> '' and length(matter) <= 200),
  constraint legal_holds_description_check check (length(description) <= 10000),
  constraint legal_holds_issued_by_id_fkey foreign key (issued_by_id)
    references identity.users (id),
  constraint legal_holds_released_by_id_fkey foreign key (released_by_id)
    references identity.users (id),
  constraint legal_holds_number_key unique (biz_id, number),
  constraint legal_holds_data_classes_check check (data_classes <@ array['identity', 'contact', 'financial', 'booking',
    'stay', 'communication', 'preference', 'health', 'employment', 'location', 'media', 'behaviour', 'audit']),
  constraint legal_holds_dates_check check (ends_on > starts_on),
  constraint legal_holds_released_check check (
    (status = 'released') = (released_at is not null) and (released_at is null) = (released_by_id is null))
);
comment on table governance.legal_holds is 'That something must not be deleted or redacted, as it may be evidence.';
comment on column governance.legal_holds.number is 'Number that people use.';
comment on column governance.legal_holds.matter is 'The matter, for example a lawsuit.';
comment on column governance.legal_holds.description is 'What it is about.';
comment on column governance.legal_holds.data_classes is 'Classes of data that are held as a whole, besides the subjects named.';
comment on column governance.legal_holds.starts_on is 'Of these classes, data from this day on; empty where from ever.';
comment on column governance.legal_holds.ends_on is 'Of these classes, data before this day; empty where until ever.';
comment on column governance.legal_holds.issued_by_id is 'Who placed it.';
comment on column governance.legal_holds.issued_at is 'When it was placed.';
comment on column governance.legal_holds.review_on is 'When it is to be looked at again.';
comment on column governance.legal_holds.status is 'Whether it is in force.';
comment on column governance.legal_holds.released_at is 'When it was released.';
comment on column governance.legal_holds.released_by_id is 'Who released it.';
comment on constraint legal_holds_number_check on governance.legal_holds is 'The number must not be blank, and has at most 60 characters.';
comment on constraint legal_holds_matter_check on governance.legal_holds is 'The matter must not be blank, and has at most 200 characters.';
comment on constraint legal_holds_description_check on governance.legal_holds is 'The description has at most 10,000 characters.';
comment on constraint legal_holds_number_key on governance.legal_holds is 'Another hold has this number.';
comment on constraint legal_holds_data_classes_check on governance.legal_holds is 'Unknown class of data.';
comment on constraint legal_holds_dates_check on governance.legal_holds is 'The end must be after the first day.';
comment on constraint legal_holds_released_check on governance.legal_holds is 'A hold that was released says when and by whom.';
create index legal_holds_board_idx on governance.legal_holds (biz_id, status, issued_at desc, id);

call core.install_table('governance.legal_holds', 'T', 'gvlh', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('legal_hold', 'active', 'released', true);
call core.install_state_machine('governance.legal_holds', 'status', 'legal_hold');

create trigger legal_holds_matter_immutable
  before update on governance.legal_holds
  for each row when ((old.matter, old.data_classes, old.starts_on, old.ends_on, old.issued_by_id, old.issued_at)
    is distinct from (new.matter, new.data_classes, new.starts_on, new.ends_on, new.issued_by_id, new.issued_at))
  execute function availability.refuse_update('legal_holds_matter_immutable_check',
    'What is held is not changed: release the hold and place another.');

-- legal_hold_subjects -------------------------------------------------------------------------------------------------

create table governance.legal_hold_subjects (
  biz_id uuid not null,
  hold_id uuid not null,
  subject_type text not null,
  subject_id uuid not null,
  constraint legal_hold_subjects_pkey primary key (biz_id, hold_id, subject_type, subject_id),
  constraint legal_hold_subjects_hold_id_fkey foreign key (biz_id, hold_id)
    references governance.legal_holds (biz_id, id),
  constraint legal_hold_subjects_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred
);
comment on table governance.legal_hold_subjects is 'That a hold covers something: nothing of it is deleted or redacted while the hold is in force.';
comment on column governance.legal_hold_subjects.hold_id is 'The hold.';
comment on column governance.legal_hold_subjects.subject_type is 'What it covers: an entity name, for example Customer.';
comment on column governance.legal_hold_subjects.subject_id is 'Which one: its id.';
comment on constraint legal_hold_subjects_subject_fkey on governance.legal_hold_subjects is 'Must be an existing subject of this tenant.';
comment on constraint legal_hold_subjects_pkey on governance.legal_hold_subjects is 'The hold covers this already.';

call core.install_table('governance.legal_hold_subjects', 'L', null);

create function governance.lock_holds(of_biz_id uuid, exclusively boolean) returns void
language plpgsql as $$
begin
  if exclusively then
    perform pg_advisory_xact_lock(hashtextextended(format('legal_holds %s', of_biz_id), 0));
  else
    perform pg_advisory_xact_lock_shared(hashtextextended(format('legal_holds %s', of_biz_id), 0));
  end if;
end
$$;
comment on function governance.lock_holds(uuid, boolean) is
  'Whoever places a hold and whoever deletes take turns, so that a hold is in force for all that is deleted after it.';

create function governance.is_held(of_biz_id uuid, of_subject_type text, of_subject_id uuid) returns boolean
language sql stable as $$
  select exists (
    select
    from governance.legal_hold_subjects s
    join governance.legal_holds h on h.biz_id = s.biz_id and h.id = s.hold_id
    where s.biz_id = of_biz_id
      and s.subject_type = of_subject_type
      and s.subject_id = of_subject_id
      and h.status = 'active'
  )
$$;
comment on function governance.is_held(uuid, text, uuid) is 'Whether a hold in force covers something. Asked after governance.lock_holds.';

create function governance.guard_hold_subjects() returns trigger
language plpgsql as $$
declare
  hold_status governance.legal_hold_status;
begin
  perform governance.lock_holds(coalesce(new.biz_id, old.biz_id), true);
  select h.status
  into hold_status
  from governance.legal_holds h
  where h.biz_id = coalesce(new.biz_id, old.biz_id)
    and h.id = coalesce(new.hold_id, old.hold_id)
  for share;
  if tg_op = 'INSERT' and hold_status <> 'active' then
    raise exception using
      errcode = '23514',
      message = 'A hold that was released covers nothing more.',
      schema = 'governance',
      table = 'legal_hold_subjects',
      column = 'hold_id',
      constraint = 'legal_hold_subjects_active_check';
  elsif tg_op = 'DELETE' and hold_status = 'active' then
    raise exception using
      errcode = '23514',
      message = 'What a hold covers stays covered until the hold is released.',
      schema = 'governance',
      table = 'legal_hold_subjects',
      column = 'hold_id',
      constraint = 'legal_hold_subjects_kept_check';
  end if;
  return coalesce(new, old);
end
$$;
comment on function governance.guard_hold_subjects() is 'Trigger: subjects are added to a hold in force, and taken out of one that was released.';
create trigger legal_hold_subjects_guard
  before insert or delete on governance.legal_hold_subjects
  for each row execute function governance.guard_hold_subjects();

create function governance.refuse_held() returns trigger
language plpgsql as $$
begin
  perform governance.lock_holds(new.biz_id, false);
  if governance.is_held(new.biz_id, new.subject_type, new.subject_id) then
    raise exception using
      errcode = '23514',
      message = 'A legal hold covers this: nothing of it is deleted or redacted.',
      schema = tg_table_schema,
      table = tg_table_name,
      column = 'subject_id',
      constraint = tg_table_name || '_held_check';
  end if;
  return new;
end
$$;
comment on function governance.refuse_held() is 'Trigger: what a hold in force covers is not deleted or redacted.';
