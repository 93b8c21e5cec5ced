-- CRM, continued: asking customers how it was, what they say, what is answered; and groups of customers by rule.

create domain crm.feedback_kind as text
  constraint feedback_kind_check check (value in ('nps', 'csat', 'review'));
comment on domain crm.feedback_kind is
  'What is asked.
nps: How likely the customer would recommend the business, from 0 to 10.
csat: How content the customer is, from 1 to 5.
review: What the customer thinks, in words, perhaps to be published.';
comment on constraint feedback_kind_check on domain crm.feedback_kind is 'Unknown feedback kind.';

create domain crm.feedback_request_status as text
  constraint feedback_request_status_check check (value in ('queued', 'sent', 'answered', 'expired', 'suppressed'));
comment on domain crm.feedback_request_status is
  'What became of the question.
queued: To be sent.
sent: Sent, not answered.
answered: The customer has said something.
expired: Not answered in time.
suppressed: Not sent, as the customer wants no such questions or was asked lately.';
comment on constraint feedback_request_status_check on domain crm.feedback_request_status is 'Unknown feedback request status.';

create domain crm.feedback_status as text
  constraint feedback_status_check check (value in ('submitted', 'triaged', 'responded', 'closed'));
comment on domain crm.feedback_status is
  'How far an answer has been dealt with.
submitted: Nobody has looked at it.
triaged: Somebody sees to it.
responded: The customer got an answer.
closed: Nothing more is to be done.';
comment on constraint feedback_status_check on domain crm.feedback_status is 'Unknown feedback status.';

create domain crm.sentiment as text
  constraint sentiment_check check (value in ('negative', 'neutral', 'positive'));
comment on domain crm.sentiment is
  'The mood of a text.
negative: Displeased.
neutral: Neither.
positive: Pleased.';
comment on constraint sentiment_check on domain crm.sentiment is 'Unknown sentiment.';

-- feedback_requests --------------------------------------------------------------------------------------------------

create table crm.feedback_requests (
  biz_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  location_id uuid,
  source_type text not null,
  source_id uuid not null,
  kind crm.feedback_kind not null,
  channel crm.consent_channel not null default 'email',
  token_hash bytea not null,
  status crm.feedback_request_status not null default 'queued',
  send_after timestamptz not null default now(),
  sent_at timestamptz,
  reminders_sent smallint not null default 0,
  answered_at timestamptz,
  expires_at timestamptz not null,
  suppressed_reason text,
  constraint feedback_requests_pkey primary key (biz_id, id),
  constraint feedback_requests_source_type_source_id_kind_key unique (biz_id, source_type, source_id, kind),
  constraint feedback_requests_token_hash_key unique (biz_id, token_hash),
  constraint feedback_requests_kind_id_key unique (biz_id, kind, id),
  constraint feedback_requests_customer_id_fkey
    foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint feedback_requests_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id),
  constraint feedback_requests_source_fkey
    foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint feedback_requests_token_hash_check check (octet_length(token_hash) = 32),
  constraint feedback_requests_suppressed_reason_check check (
    btrim(suppressed_reason) <> '' and length(suppressed_reason) <= 200
  ),
  constraint feedback_requests_expires_at_check check (expires_at > send_after),
  constraint feedback_requests_sent_check check (sent_at is not null or status in ('queued', 'suppressed', 'expired')),
  constraint feedback_requests_answered_check check ((status = 'answered') = (answered_at is not null)),
  constraint feedback_requests_reminders_sent_check check (reminders_sent between 0 and 5),
  constraint feedback_requests_suppressed_check check ((status = 'suppressed') = (suppressed_reason is not null))
);
create index feedback_requests_due_idx on crm.feedback_requests (biz_id, send_after) where status = 'queued';
create index feedback_requests_expires_at_idx on crm.feedback_requests (biz_id, expires_at) where status = 'sent';
comment on table crm.feedback_requests is 'That a customer is asked how something was.';
comment on column crm.feedback_requests.customer_id is 'Who is asked.';
comment on column crm.feedback_requests.location_id is 'The location that it is about.';
comment on column crm.feedback_requests.source_type is 'What it is about: an entity name, for example BookingOrder.';
comment on column crm.feedback_requests.source_id is 'Which one: its id.';
comment on column crm.feedback_requests.kind is 'What is asked.';
comment on column crm.feedback_requests.channel is 'How the question is sent.';
comment on column crm.feedback_requests.token_hash is 'SHA-256 of the token in the link; the token itself is kept nowhere.';
comment on column crm.feedback_requests.status is 'What became of it.';
comment on column crm.feedback_requests.send_after is 'When it is sent at the earliest.';
comment on column crm.feedback_requests.sent_at is 'When it was sent.';
comment on column crm.feedback_requests.reminders_sent is 'How often the customer was reminded.';
comment on column crm.feedback_requests.answered_at is 'When it was answered.';
comment on column crm.feedback_requests.expires_at is 'Until when it can be answered.';
comment on column crm.feedback_requests.suppressed_reason is 'Why it was not sent.';
comment on constraint feedback_requests_source_fkey on crm.feedback_requests is 'Must be an existing source of this tenant.';
comment on constraint feedback_requests_token_hash_check on crm.feedback_requests is 'A digest has 32 bytes.';
comment on constraint feedback_requests_suppressed_reason_check on crm.feedback_requests is 'The suppressed reason must not be blank, and has at most 200 characters.';
comment on constraint feedback_requests_source_type_source_id_kind_key on crm.feedback_requests is 'This was asked already.';
comment on constraint feedback_requests_token_hash_key on crm.feedback_requests is 'This token exists already.';
comment on constraint feedback_requests_kind_id_key on crm.feedback_requests is 'This question is there already.';
comment on constraint feedback_requests_expires_at_check on crm.feedback_requests is 'A question can be answered for a while.';
comment on constraint feedback_requests_sent_check on crm.feedback_requests is 'What was sent says when.';
comment on constraint feedback_requests_answered_check on crm.feedback_requests is 'What was answered says when, and nothing else does.';
comment on constraint feedback_requests_reminders_sent_check on crm.feedback_requests is 'A customer is reminded five times at most.';
comment on constraint feedback_requests_suppressed_check on crm.feedback_requests is 'What was not sent says why, and nothing else does.';
call core.install_table('crm.feedback_requests', 'T', 'crfr');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('feedback_request', 'queued', 'sent', false),
  ('feedback_request', 'queued', 'suppressed', false),
  ('feedback_request', 'queued', 'expired', false),
  ('feedback_request', 'sent', 'answered', false),
  ('feedback_request', 'sent', 'expired', false);
call core.install_state_machine('crm.feedback_requests', 'status', 'feedback_request');

-- feedback -----------------------------------------------------------------------------------------------------------

create table crm.feedback (
  biz_id uuid not null,
  id uuid not null,
  request_id uuid,
  customer_id uuid,
  location_id uuid not null,
  source_type text,
  source_id uuid,
  kind crm.feedback_kind not null,
  nps_score smallint,
  csat_score smallint,
  ratings jsonb not null default '{}',
  comment text,
  locale core.locale,
  sentiment crm.sentiment,
  business_date date not null,
  submitted_at timestamptz not null default now(),
  status crm.feedback_status not null default 'submitted',
  assigned_member_id uuid,
  is_public boolean not null default false,
  constraint feedback_pkey primary key (biz_id, id),
  constraint feedback_request_id_key unique (biz_id, request_id),
  constraint feedback_customer_id_fkey foreign key (biz_id, customer_id) references crm.customers (biz_id, id),
  constraint feedback_location_id_fkey foreign key (biz_id, location_id) references core.locations (biz_id, id),
  constraint feedback_source_fkey
    foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint feedback_assigned_member_id_fkey
    foreign key (biz_id, assigned_member_id) references identity.members (biz_id, id),
  constraint feedback_request_id_fkey
    foreign key (biz_id, kind, request_id) references crm.feedback_requests (biz_id, kind, id),
  constraint feedback_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint feedback_ratings_check check (jsonb_typeof(ratings) = 'object'),
  constraint feedback_comment_check check (btrim(comment) <> '' and length(comment) <= 10000),
  constraint feedback_nps_score_check check (nps_score between 0 and 10),
  constraint feedback_csat_score_check check (csat_score between 1 and 5),
  constraint feedback_score_check check (
    (kind = 'nps') = (nps_score is not null) and (kind <> 'csat' or csat_score is not null)
  ),
  constraint feedback_triaged_check check (status not in ('triaged', 'responded') or assigned_member_id is not null)
);
create index feedback_location_idx on crm.feedback (biz_id, location_id, business_date, id);
create index feedback_nps_idx on crm.feedback (biz_id, location_id, business_date, nps_score) where kind = 'nps';
create index feedback_open_idx on crm.feedback (biz_id, status, submitted_at) where status <> 'closed';
comment on table crm.feedback is 'What a customer said of something, when asked or of their own accord. The answer itself is never changed.';
comment on column crm.feedback.request_id is 'The question that it answers; empty where the customer wrote unasked.';
comment on column crm.feedback.customer_id is 'Who said it; empty where it is not known.';
comment on column crm.feedback.location_id is 'The location that it is about.';
comment on column crm.feedback.source_type is 'What it is about: an entity name, for example BookingOrder.';
comment on column crm.feedback.source_id is 'Which one: its id.';
comment on column crm.feedback.kind is 'What was asked.';
comment on column crm.feedback.nps_score is 'How likely the customer would recommend the business: 9 and 10 are promoters, 0 to 6 detractors.';
comment on column crm.feedback.csat_score is 'How content the customer is, from 1 to 5.';
comment on column crm.feedback.ratings is 'Marks from 1 to 5 by topic, for example {"cleanliness": 4}.';
comment on column crm.feedback.comment is 'What the customer wrote. It can be erased, never changed.';
comment on column crm.feedback.locale is 'The language of that text.';
comment on column crm.feedback.sentiment is 'The mood of that text.';
comment on column crm.feedback.business_date is 'Business day of the location on which it was submitted. Never changed.';
comment on column crm.feedback.submitted_at is 'When it was submitted.';
comment on column crm.feedback.status is 'How far it has been dealt with.';
comment on column crm.feedback.assigned_member_id is 'The member who sees to it.';
comment on column crm.feedback.is_public is 'Whether it is shown to other customers.';
comment on constraint feedback_source_fkey on crm.feedback is 'Must be an existing source of this tenant.';
comment on constraint feedback_source_check on crm.feedback is 'A source has a type and an id.';
comment on constraint feedback_ratings_check on crm.feedback is 'The ratings must be a JSON object.';
comment on constraint feedback_comment_check on crm.feedback is 'The comment must not be blank, and has at most 10,000 characters.';
comment on constraint feedback_request_id_fkey on crm.feedback is 'Must be an existing question of this tenant, of the same kind.';
comment on constraint feedback_request_id_key on crm.feedback is 'This question was answered already.';
comment on constraint feedback_nps_score_check on crm.feedback is 'The score lies between 0 and 10.';
comment on constraint feedback_csat_score_check on crm.feedback is 'The score lies between 1 and 5.';
comment on constraint feedback_score_check on crm.feedback is 'An answer has the score that was asked for.';
comment on constraint feedback_triaged_check on crm.feedback is 'What is seen to says by whom.';
call core.install_table('crm.feedback', 'T', 'crfb', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('feedback', 'submitted', 'triaged', false),
  ('feedback', 'submitted', 'closed', false),
  ('feedback', 'triaged', 'responded', false),
  ('feedback', 'triaged', 'closed', true),
  ('feedback', 'responded', 'closed', false),
  ('feedback', 'responded', 'triaged', false),
  ('feedback', 'closed', 'triaged', true);
call core.install_state_machine('crm.feedback', 'status', 'feedback');

create trigger feedback_answer_immutable
  before update on crm.feedback
  for each row when (
    (old.request_id, old.kind, old.nps_score, old.csat_score, old.ratings, old.business_date, old.submitted_at)
      is distinct from
      (new.request_id, new.kind, new.nps_score, new.csat_score, new.ratings, new.business_date, new.submitted_at)
    or (new.comment is not null and new.comment is distinct from old.comment))
  execute function core.refuse_update(
    'feedback_answer_immutable_check', 'What a customer said is never changed; only its text can be erased.');

-- feedback_responses -------------------------------------------------------------------------------------------------

create table crm.feedback_responses (
  biz_id uuid not null,
  id uuid not null,
  feedback_id uuid not null,
  author_id uuid not null,
  body text not null,
  is_public boolean not null default false,
  published_at timestamptz,
  constraint feedback_responses_pkey primary key (biz_id, id),
  constraint feedback_responses_feedback_id_fkey
    foreign key (biz_id, feedback_id) references crm.feedback (biz_id, id),
  constraint feedback_responses_author_id_fkey foreign key (author_id) references identity.users (id),
  constraint feedback_responses_body_check check (btrim(body) <> '' and length(body) <= 10000)
);
create index feedback_responses_published_at_idx on crm.feedback_responses (biz_id, published_at);
comment on table crm.feedback_responses is 'An answer of the business to what a customer said.';
comment on column crm.feedback_responses.feedback_id is 'What it answers.';
comment on column crm.feedback_responses.author_id is 'The user who wrote it.';
comment on column crm.feedback_responses.body is 'The text.';
comment on column crm.feedback_responses.is_public is 'Whether it is shown to other customers too.';
comment on column crm.feedback_responses.published_at is 'When it went out; empty while it is a draft.';
comment on constraint feedback_responses_author_id_fkey on crm.feedback_responses is 'Whoever wrote it must be an existing user.';
comment on constraint feedback_responses_body_check on crm.feedback_responses is 'The body must not be blank, and has at most 10,000 characters.';
call core.install_table('crm.feedback_responses', 'T', 'crfo');

create trigger feedback_responses_published_immutable
  before update on crm.feedback_responses
  for each row when (
    old.published_at is not null
    and (new.body <> old.body or new.published_at is distinct from old.published_at or new.feedback_id <> old.feedback_id))
  execute function core.refuse_update(
    'feedback_responses_published_immutable_check', 'An answer that went out is not changed: write another one.');

-- segments -----------------------------------------------------------------------------------------------------------

create table crm.segments (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  description text,
  definition jsonb not null default '{}',
  is_static boolean not null default false,
  refreshed_at timestamptz,
  size integer not null default 0,
  deleted_at timestamptz,
  constraint segments_pkey primary key (biz_id, id),
  constraint segments_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint segments_description_check check (btrim(description) <> '' and length(description) <= 2000),
  constraint segments_definition_check check (jsonb_typeof(definition) = 'object'),
  constraint segments_size_check check (size >= 0),
  constraint segments_rule_check check (is_static or definition <> '{}')
);
create unique index segments_name_key on crm.segments (biz_id, name) where deleted_at is null;
comment on table crm.segments is 'Customers that a rule finds, such as those who came twice a year and not since March.';
comment on column crm.segments.name is 'What staff call it.';
comment on column crm.segments.description is 'What it is for.';
comment on column crm.segments.definition is 'The rule: conditions on fields that the server allows.';
comment on column crm.segments.is_static is 'Whether its customers are put in by hand, not found by a rule.';
comment on column crm.segments.refreshed_at is 'When its customers were last found.';
comment on column crm.segments.size is 'How many they were then.';
comment on constraint segments_name_check on crm.segments is 'The name must not be blank, and has at most 200 characters.';
comment on constraint segments_description_check on crm.segments is 'The description must not be blank, and has at most 2,000 characters.';
comment on constraint segments_definition_check on crm.segments is 'The definition must be a JSON object.';
comment on constraint segments_size_check on crm.segments is 'The size cannot be negative.';
comment on constraint segments_rule_check on crm.segments is 'A segment that is not filled by hand has a rule.';
comment on index crm.segments_name_key is 'Another segment has this name.';
call core.install_table('crm.segments', 'M', 'crsg', registrable => true);
call core.configure_graph('crm.segments', plain_writes => false);

-- segment_members ----------------------------------------------------------------------------------------------------

create table crm.segment_members (
  biz_id uuid not null,
  segment_id uuid not null,
  customer_id uuid not null,
  constraint segment_members_pkey primary key (biz_id, segment_id, customer_id),
  constraint segment_members_segment_id_fkey foreign key (biz_id, segment_id) references crm.segments (biz_id, id),
  constraint segment_members_customer_id_fkey foreign key (biz_id, customer_id) references crm.customers (biz_id, id)
);
comment on table crm.segment_members is 'That a customer is in a segment.';
comment on column crm.segment_members.segment_id is 'The segment.';
comment on column crm.segment_members.customer_id is 'The customer.';
comment on constraint segment_members_pkey on crm.segment_members is 'The customer is in this segment already.';
call core.install_table('crm.segment_members', 'L', null);
