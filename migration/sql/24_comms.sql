-- Comms: what the business tells people, by which way, in which words, and whether it arrived. An event becomes a
-- notification to a subscriber once; each try to bring it over a channel is a delivery.

create schema comms;
comment on schema comms is 'Notifications to customers and staff: templates, rules, preferences, deliveries; campaigns; and conversations.';

create domain comms.message_channel as text constraint message_channel_check check (value in (
  'email', 'sms', 'whatsapp', 'push', 'in_app', 'chat'));
comment on domain comms.message_channel is 'A way by which people are reached.
email: Electronic mail.
sms: A text message to a telephone.
whatsapp: A WhatsApp message.
push: A push message to an app or browser.
in_app: The inbox within the program.
chat: The chat window of the site.';
comment on constraint message_channel_check on domain comms.message_channel is 'Unknown channel.';

create domain comms.message_category as text constraint message_category_check check (value in (
  'security', 'transactional', 'marketing'));
comment on domain comms.message_category is 'Why something is sent, which decides whether people can refuse it.
security: Sign-in codes, changed passwords and the like; nobody can refuse it.
transactional: Part of something the person bought or does, such as a confirmation.
marketing: Advertising; only with consent.';
comment on constraint message_category_check on domain comms.message_category is 'Unknown category.';

create domain comms.template_status as text constraint template_status_check check (value in (
  'draft', 'published', 'retired'));
comment on domain comms.template_status is 'Where a version of a template stands.
draft: Being written; not sent.
published: Used from now on.
retired: Replaced by a later version, or no longer used.';
comment on constraint template_status_check on domain comms.template_status is 'Unknown template status.';

create domain comms.notification_status as text constraint notification_status_check check (value in (
  'queued', 'digesting', 'sending', 'sent', 'completed', 'suppressed', 'cancelled', 'failed'));
comment on domain comms.notification_status is 'Where a notification stands.
queued: Waits for its time.
digesting: Waits to be sent together with others.
sending: Being given to the channels.
sent: Given to the channels; the outcome is not known yet.
completed: All that can be known of it is known.
suppressed: Not sent, as the person does not want it or the address must not be used.
cancelled: Not sent, as it no longer mattered.
failed: No channel could bring it.';
comment on constraint notification_status_check on domain comms.notification_status is 'Unknown notification status.';

create domain comms.in_app_status as text constraint in_app_status_check check (value in (
  'unseen', 'seen', 'read', 'archived'));
comment on domain comms.in_app_status is 'Where an entry of somebody''s inbox stands.
unseen: Not shown to the person yet.
seen: Shown in the list; counts as unread.
read: Opened or marked as read.
archived: Put away.';
comment on constraint in_app_status_check on domain comms.in_app_status is 'Unknown inbox status.';

create domain comms.digest_status as text constraint digest_status_check check (value in (
  'open', 'sending', 'sent', 'cancelled'));
comment on domain comms.digest_status is 'Where a digest stands.
open: Still gathers.
sending: Its time is over; it is being sent.
sent: It has gone out.
cancelled: Nothing of it mattered any more.';
comment on constraint digest_status_check on domain comms.digest_status is 'Unknown digest status.';

create domain comms.suppression_reason as text constraint suppression_reason_check check (value in (
  'bounce', 'complaint', 'stop', 'manual', 'invalid'));
comment on domain comms.suppression_reason is 'Why an address is not used.
bounce: Mail to it came back.
complaint: Its owner called something spam.
stop: Its owner answered STOP or unsubscribed.
manual: Staff said so.
invalid: There is no such address.';
comment on constraint suppression_reason_check on domain comms.suppression_reason is 'Unknown reason.';

create domain comms.provider_status as text constraint provider_status_check check (value in (
  'active', 'failing', 'disabled'));
comment on domain comms.provider_status is 'Whether a provider is used.
active: Used.
failing: Refused or failed too often; tried again later, others first.
disabled: Not used.';
comment on constraint provider_status_check on domain comms.provider_status is 'Unknown provider status.';

create domain comms.campaign_status as text constraint campaign_status_check check (value in (
  'draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled'));
comment on domain comms.campaign_status is 'Where a campaign stands.
draft: Being written.
scheduled: Will be sent at its time.
sending: Being sent.
paused: Stopped for now, part of it sent.
sent: Sent to everybody.
cancelled: Called off; what was sent stays sent.';
comment on constraint campaign_status_check on domain comms.campaign_status is 'Unknown campaign status.';

-- notification_templates ----------------------------------------------------------------------------------------------

create table comms.notification_templates (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  channel comms.message_channel not null,
  language text not null,
  version_no integer not null default 1,
  name text not null,
  category comms.message_category not null,
  subject text,
  body text not null,
  variables jsonb not null default '{}',
  provider_template_ref text,
  status comms.template_status not null default 'draft',
  published_at timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint notification_templates_pkey primary key (biz_id, id),
  constraint notification_templates_language_fkey foreign key (language)
    references core.languages (tag),
  constraint notification_templates_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint notification_templates_subject_check check (btrim(subject) <> '' and length(subject) <= 300),
  constraint notification_templates_body_check check (btrim(body) <> '' and length(body) <= 100000),
  constraint notification_templates_variables_check check (jsonb_typeof(variables) = 'object'),
  constraint notification_templates_provider_template_ref_check check (
    btrim(provider_template_ref) <> '' and length(provider_template_ref) <= 200),
  constraint notification_templates_code_key unique (biz_id, code, channel, language, version_no),
  constraint notification_templates_channel_key unique (biz_id, id, channel, category),
  constraint notification_templates_code_check check (code ~ '^[a-z][a-z0-9_.]*$' and length(code) <= 80),
  constraint notification_templates_version_no_check check (version_no >= 1),
  constraint notification_templates_subject_given_check check (channel <> 'email' or subject is not null),
  constraint notification_templates_published_check check ((status = 'draft') = (published_at is null))
);
comment on table comms.notification_templates is 'One version of the words of a message, for one channel in one language. A published version is never changed.';
comment on column comms.notification_templates.code is 'Name by which steps and campaigns find it, for example booking_confirmed.';
comment on column comms.notification_templates.channel is 'The channel it is written for.';
comment on column comms.notification_templates.language is 'The language it is written in.';
comment on column comms.notification_templates.version_no is 'Which version of it this is, from 1.';
comment on column comms.notification_templates.name is 'Name shown to staff.';
comment on column comms.notification_templates.category is 'Why it is sent.';
comment on column comms.notification_templates.subject is 'The subject line, with variables; of mail and push.';
comment on column comms.notification_templates.body is 'The text, with variables as in Handlebars; of mail in MJML.';
comment on column comms.notification_templates.variables is 'The variables it may use: a JSON schema.';
comment on column comms.notification_templates.provider_template_ref is 'Its name at the provider, where texts must be approved there, as by WhatsApp.';
comment on column comms.notification_templates.status is 'Where it stands.';
comment on column comms.notification_templates.published_at is 'When it was published.';
comment on constraint notification_templates_name_check on comms.notification_templates is 'The name must not be blank, and has at most 200 characters.';
comment on constraint notification_templates_subject_check on comms.notification_templates is 'The subject must not be blank, and has at most 300 characters.';
comment on constraint notification_templates_body_check on comms.notification_templates is 'The body must not be blank, and has at most 100,000 characters.';
comment on constraint notification_templates_variables_check on comms.notification_templates is 'The variables are a JSON object.';
comment on constraint notification_templates_provider_template_ref_check on comms.notification_templates is 'The provider template ref must not be blank, and has at most 200 characters.';
comment on constraint notification_templates_code_key on comms.notification_templates is 'There is this version already.';
comment on constraint notification_templates_code_check on comms.notification_templates is 'A code is written in lower case, such as booking_confirmed. It has at most 80 characters.';
comment on constraint notification_templates_version_no_check on comms.notification_templates is 'Versions count from 1.';
comment on constraint notification_templates_subject_given_check on comms.notification_templates is 'Mail has a subject.';
comment on constraint notification_templates_published_check on comms.notification_templates is 'A version that was published says when.';
create unique index notification_templates_published_key on comms.notification_templates (biz_id, code, channel, language)
  where status = 'published';
comment on index comms.notification_templates_published_key is 'There is a published version already; retire it first.';

call core.install_table('comms.notification_templates', 'M', 'cmtp', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('notification_template', 'draft', 'published', false),
  ('notification_template', 'published', 'retired', false);
call core.install_state_machine('comms.notification_templates', 'status', 'notification_template');

create trigger notification_templates_content_immutable
  before update on comms.notification_templates
  for each row when (old.status <> 'draft' and (old.code, old.channel, old.language, old.version_no, old.category,
    old.subject, old.body, old.variables, old.provider_template_ref, old.published_at)
    is distinct from (new.code, new.channel, new.language, new.version_no, new.category, new.subject, new.body, new.variables,
    new.provider_template_ref, new.published_at))
  execute function availability.refuse_update('notification_templates_content_immutable_check',
    'A published template is not changed: make another version.');

-- notification_workflows ----------------------------------------------------------------------------------------------

create table comms.notification_workflows (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text,
  trigger_topic text not null,
  condition jsonb,
  category comms.message_category not null default 'transactional',
  is_critical boolean not null default false,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint notification_workflows_pkey primary key (biz_id, id),
  constraint notification_workflows_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint notification_workflows_description_check check (length(description) <= 2000),
  constraint notification_workflows_condition_check check (jsonb_typeof(condition) = 'object'),
  constraint notification_workflows_category_key unique (biz_id, id, category),
  constraint notification_workflows_code_check check (code ~ '^[a-z][a-z0-9_.]*$' and length(code) <= 80),
  constraint notification_workflows_trigger_topic_check check (
    trigger_topic ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(trigger_topic) <= 100)
);
comment on table comms.notification_workflows is 'What is sent when something happens: an event, and the steps that follow it.';
comment on column comms.notification_workflows.code is 'Short name used in integrations, for example booking_confirmed.';
comment on column comms.notification_workflows.name is 'Name shown to staff and, in their settings, to those who get it.';
comment on column comms.notification_workflows.description is 'When it is sent, as told to those who can turn it off.';
comment on column comms.notification_workflows.trigger_topic is 'The event that starts it, for example booking.confirmed.';
comment on column comms.notification_workflows.condition is 'What must hold of the event for it to start; empty where it always does.';
comment on column comms.notification_workflows.category is 'Why it is sent. What is sent for security cannot be turned off.';
comment on column comms.notification_workflows.is_critical is 'Whether it is sent at once also in quiet hours and never gathered in a digest.';
comment on column comms.notification_workflows.is_active is 'Whether it is in use.';
comment on constraint notification_workflows_name_check on comms.notification_workflows is 'The name must not be blank, and has at most 200 characters.';
comment on constraint notification_workflows_description_check on comms.notification_workflows is 'The description has at most 2,000 characters.';
comment on constraint notification_workflows_condition_check on comms.notification_workflows is 'The condition is a JSON object.';
comment on constraint notification_workflows_code_check on comms.notification_workflows is 'A code is written in lower case, such as booking_confirmed. It has at most 80 characters.';
comment on constraint notification_workflows_trigger_topic_check on comms.notification_workflows is 'A topic is written like booking.confirmed. It has at most 100 characters.';
create unique index notification_workflows_code_key on comms.notification_workflows (biz_id, code)
  where deleted_at is null;
comment on index comms.notification_workflows_code_key is 'Another workflow has this code.';
-- What an event starts.
create index notification_workflows_trigger_topic_idx on comms.notification_workflows (biz_id, trigger_topic)
  where is_active and deleted_at is null;

call core.install_table('comms.notification_workflows', 'M', 'cmwf', registrable => true);

-- notification_workflow_steps -----------------------------------------------------------------------------------------

create table comms.notification_workflow_steps (
  biz_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  position integer not null,
  channel comms.message_channel not null,
  template_code text not null,
  delay_minutes integer not null default 0,
  digest_minutes integer,
  condition jsonb,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint notification_workflow_steps_pkey primary key (biz_id, id),
  constraint notification_workflow_steps_workflow_id_fkey foreign key (biz_id, workflow_id)
    references comms.notification_workflows (biz_id, id),
  constraint notification_workflow_steps_template_code_check check (btrim(template_code) <> '' and length(template_code) <= 80),
  constraint notification_workflow_steps_condition_check check (jsonb_typeof(condition) = 'object'),
  constraint notification_workflow_steps_position_check check (position >= 1),
  constraint notification_workflow_steps_delay_minutes_check check (delay_minutes between 0 and 525600),
  constraint notification_workflow_steps_digest_minutes_check check (digest_minutes between 1 and 43200)
);
comment on table comms.notification_workflow_steps is 'One step of a notification workflow: after a while, over one channel, in the words of a template.';
comment on column comms.notification_workflow_steps.workflow_id is 'The workflow.';
comment on column comms.notification_workflow_steps.position is 'Its place among the steps, from 1.';
comment on column comms.notification_workflow_steps.channel is 'The channel it goes over.';
comment on column comms.notification_workflow_steps.template_code is 'The code of its template; language and version are chosen when it is sent.';
comment on column comms.notification_workflow_steps.delay_minutes is 'How many minutes after the step before it.';
comment on column comms.notification_workflow_steps.digest_minutes is 'For how many minutes events are gathered and sent as one; empty where each is sent alone.';
comment on column comms.notification_workflow_steps.condition is 'What must hold for the step to be taken, for example that the message before was not read.';
comment on constraint notification_workflow_steps_template_code_check on comms.notification_workflow_steps is 'The template code must not be blank, and has at most 80 characters.';
comment on constraint notification_workflow_steps_condition_check on comms.notification_workflow_steps is 'The condition is a JSON object.';
comment on constraint notification_workflow_steps_position_check on comms.notification_workflow_steps is 'Steps count from 1.';
comment on constraint notification_workflow_steps_delay_minutes_check on comms.notification_workflow_steps is 'A delay has between 0 and 525,600 minutes, a year.';
comment on constraint notification_workflow_steps_digest_minutes_check on comms.notification_workflow_steps is 'A digest gathers for at least a minute and 30 days at most.';
create unique index notification_workflow_steps_position_key on comms.notification_workflow_steps (biz_id, workflow_id,
  position)
  where deleted_at is null;
comment on index comms.notification_workflow_steps_position_key is 'The workflow has a step at this place.';

call core.install_table('comms.notification_workflow_steps', 'M', 'cmws');

-- subscribers ---------------------------------------------------------------------------------------------------------

create table comms.subscribers (
  biz_id uuid not null,
  id uuid not null,
  user_id uuid,
  customer_id uuid,
  staff_id uuid,
  email_enc bytea,
  email_bidx bytea,
  phone_enc bytea,
  phone_bidx bytea,
  locale core.locale,
  timezone text,
  quiet_from time,
  quiet_until time,
  unsubscribed_at timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint subscribers_pkey primary key (biz_id, id),
  constraint subscribers_user_id_fkey foreign key (user_id)
    references identity.users (id),
  constraint subscribers_customer_id_fkey foreign key (biz_id, customer_id)
    references crm.customers (biz_id, id),
  constraint subscribers_staff_id_fkey foreign key (biz_id, staff_id)
    references workforce.staff (biz_id, id),
  constraint subscribers_timezone_fkey foreign key (timezone)
    references core.timezones (name),
  constraint subscribers_principal_check check (num_nonnulls(user_id, customer_id, staff_id) = 1),
  constraint subscribers_email_check check (num_nonnulls(email_enc, email_bidx) <> 1),
  constraint subscribers_phone_check check (num_nonnulls(phone_enc, phone_bidx) <> 1),
  constraint subscribers_quiet_hours_check check (num_nonnulls(quiet_from, quiet_until, timezone) in (0, 1, 3)
    and num_nonnulls(quiet_from, quiet_until) in (0, 2) and quiet_from <> quiet_until)
);
comment on table comms.subscribers is 'Somebody who is told things: a user, a customer or a member of staff, with the ways to reach them.';
comment on column comms.subscribers.user_id is 'The user it is.';
comment on column comms.subscribers.customer_id is 'The customer it is.';
comment on column comms.subscribers.staff_id is 'The member of staff it is.';
comment on column comms.subscribers.email_enc is 'Mail address, sealed; empty where that of the person holds.';
comment on column comms.subscribers.email_bidx is 'Blind index of the mail address.';
comment on column comms.subscribers.phone_enc is 'Telephone number in E.164, sealed; empty where that of the person holds.';
comment on column comms.subscribers.phone_bidx is 'Blind index of the telephone number.';
comment on column comms.subscribers.locale is 'The language and region to write in; empty where that of the person holds.';
comment on column comms.subscribers.timezone is 'The time zone of the quiet hours.';
comment on column comms.subscribers.quiet_from is 'From when nothing is sent that can wait, in local time.';
comment on column comms.subscribers.quiet_until is 'Until when nothing is sent that can wait, in local time; before quiet_from where it is on the next day.';
comment on column comms.subscribers.unsubscribed_at is 'When the person refused all advertising.';
comment on constraint subscribers_principal_check on comms.subscribers is 'A subscriber is exactly one of a user, a customer and a member of staff.';
comment on constraint subscribers_email_check on comms.subscribers is 'A sealed mail address has its blind index.';
comment on constraint subscribers_phone_check on comms.subscribers is 'A sealed telephone number has its blind index.';
comment on constraint subscribers_quiet_hours_check on comms.subscribers is 'Quiet hours have a start, another end and a time zone.';
create unique index subscribers_user_id_key on comms.subscribers (biz_id, user_id)
  where user_id is not null and deleted_at is null;
comment on index comms.subscribers_user_id_key is 'This user is a subscriber already.';
create unique index subscribers_customer_id_key on comms.subscribers (biz_id, customer_id)
  where customer_id is not null and deleted_at is null;
comment on index comms.subscribers_customer_id_key is 'This customer is a subscriber already.';
create unique index subscribers_staff_id_key on comms.subscribers (biz_id, staff_id)
  where staff_id is not null and deleted_at is null;
comment on index comms.subscribers_staff_id_key is 'This member of staff is a subscriber already.';

call core.install_table('comms.subscribers', 'M', 'cmsb', registrable => true);
call core.configure_graph('comms.subscribers', plain_writes => false);

-- notification_preferences --------------------------------------------------------------------------------------------

create table comms.notification_preferences (
  biz_id uuid not null,
  id uuid not null,
  subscriber_id uuid not null,
  category comms.message_category not null,
  workflow_id uuid,
  channel comms.message_channel not null,
  is_enabled boolean not null,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint notification_preferences_pkey primary key (biz_id, id),
  constraint notification_preferences_subscriber_id_fkey foreign key (biz_id, subscriber_id)
    references comms.subscribers (biz_id, id),
  constraint notification_preferences_workflow_id_fkey foreign key (biz_id, workflow_id, category)
    references comms.notification_workflows (biz_id, id, category) on update cascade,
  constraint notification_preferences_security_check check (category <> 'security' or is_enabled)
);
comment on table comms.notification_preferences is 'What a subscriber wants to get over a channel, or does not.';
comment on column comms.notification_preferences.subscriber_id is 'The subscriber.';
comment on column comms.notification_preferences.category is 'The category it is about; with a workflow, that of the workflow.';
comment on column comms.notification_preferences.workflow_id is 'The one workflow it is about; empty where it is about the category.';
comment on column comms.notification_preferences.channel is 'The channel it is about.';
comment on column comms.notification_preferences.is_enabled is 'Whether the subscriber wants it.';
comment on constraint notification_preferences_workflow_id_fkey on comms.notification_preferences is 'Must be an existing workflow, of this category.';
comment on constraint notification_preferences_security_check on comms.notification_preferences is 'What is sent for security cannot be turned off.';
create unique index notification_preferences_category_key on comms.notification_preferences (biz_id, subscriber_id, category,
  channel)
  where workflow_id is null and deleted_at is null;
comment on index comms.notification_preferences_category_key is 'The subscriber has said this of the category already.';
create unique index notification_preferences_workflow_key on comms.notification_preferences (biz_id, subscriber_id,
  workflow_id, channel)
  where workflow_id is not null and deleted_at is null;
comment on index comms.notification_preferences_workflow_key is 'The subscriber has said this of the workflow already.';

call core.install_table('comms.notification_preferences', 'M', 'cmpf');

-- topics --------------------------------------------------------------------------------------------------------------

create table comms.topics (
  biz_id uuid not null,
  id uuid not null,
  key text not null,
  name text not null,
  description text,
  is_public boolean not null default true,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint topics_pkey primary key (biz_id, id),
  constraint topics_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint topics_description_check check (length(description) <= 2000),
  constraint topics_key_check check (key ~ '^[a-z][a-z0-9_.]*$' and length(key) <= 80)
);
comment on table comms.topics is 'Something that people can choose to hear of, such as new courses.';
comment on column comms.topics.key is 'Short name used in integrations.';
comment on column comms.topics.name is 'Name shown to those who choose.';
comment on column comms.topics.description is 'What one hears of.';
comment on column comms.topics.is_public is 'Whether people can subscribe themselves.';
comment on constraint topics_name_check on comms.topics is 'The name must not be blank, and has at most 200 characters.';
comment on constraint topics_description_check on comms.topics is 'The description has at most 2,000 characters.';
comment on constraint topics_key_check on comms.topics is 'A key is written in lower case, such as new_courses. It has at most 80 characters.';
create unique index topics_key_key on comms.topics (biz_id, key)
  where deleted_at is null;
comment on index comms.topics_key_key is 'Another topic has this key.';

call core.install_table('comms.topics', 'M', 'cmto', 'NotificationTopic', registrable => true);

-- topic_subscriptions -------------------------------------------------------------------------------------------------

create table comms.topic_subscriptions (
  biz_id uuid not null,
  topic_id uuid not null,
  subscriber_id uuid not null,
  constraint topic_subscriptions_pkey primary key (biz_id, topic_id, subscriber_id),
  constraint topic_subscriptions_topic_id_fkey foreign key (biz_id, topic_id)
    references comms.topics (biz_id, id),
  constraint topic_subscriptions_subscriber_id_fkey foreign key (biz_id, subscriber_id)
    references comms.subscribers (biz_id, id)
);
comment on table comms.topic_subscriptions is 'That somebody wants to hear of a topic.';
comment on column comms.topic_subscriptions.topic_id is 'The topic.';
comment on column comms.topic_subscriptions.subscriber_id is 'The subscriber.';
comment on constraint topic_subscriptions_pkey on comms.topic_subscriptions is 'The subscriber has this topic already.';

call core.install_table('comms.topic_subscriptions', 'L', null);

-- provider_accounts ---------------------------------------------------------------------------------------------------

create table comms.provider_accounts (
  biz_id uuid not null,
  id uuid not null,
  channel comms.message_channel not null,
  provider text not null,
  name text not null,
  credentials_ref text not null,
  sender text,
  priority integer not null default 1,
  daily_limit integer,
  status comms.provider_status not null default 'active',
  failing_since timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint provider_accounts_pkey primary key (biz_id, id),
  constraint provider_accounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint provider_accounts_credentials_ref_check check (btrim(credentials_ref) <> '' and length(credentials_ref) <= 200),
  constraint provider_accounts_sender_check check (btrim(sender) <> '' and length(sender) <= 200),
  constraint provider_accounts_provider_check check (provider ~ '^[a-z][a-z0-9_]*$' and length(provider) <= 60),
  constraint provider_accounts_priority_check check (priority >= 1),
  constraint provider_accounts_daily_limit_check check (daily_limit >= 1),
  constraint provider_accounts_failing_check check ((status = 'failing') = (failing_since is not null))
);
comment on table comms.provider_accounts is 'An account at a provider that carries messages. Of the accounts of a channel, the one of lowest priority number is tried first.';
comment on column comms.provider_accounts.channel is 'The channel it serves.';
comment on column comms.provider_accounts.provider is 'The provider, for example ses or twilio.';
comment on column comms.provider_accounts.name is 'Name shown to staff.';
comment on column comms.provider_accounts.credentials_ref is 'Where its credentials lie in the store of secrets; never the credentials themselves.';
comment on column comms.provider_accounts.sender is 'The address or number that messages come from.';
comment on column comms.provider_accounts.priority is 'Its place in the order of trying, from 1.';
comment on column comms.provider_accounts.daily_limit is 'How many messages it takes a day; empty where there is no limit.';
comment on column comms.provider_accounts.status is 'Whether it is used.';
comment on column comms.provider_accounts.failing_since is 'Since when it has been failing.';
comment on constraint provider_accounts_name_check on comms.provider_accounts is 'The name must not be blank, and has at most 200 characters.';
comment on constraint provider_accounts_credentials_ref_check on comms.provider_accounts is 'The credentials ref must not be blank, and has at most 200 characters.';
comment on constraint provider_accounts_sender_check on comms.provider_accounts is 'The sender must not be blank, and has at most 200 characters.';
comment on constraint provider_accounts_provider_check on comms.provider_accounts is 'A provider is written in lower case, such as ses. It has at most 60 characters.';
comment on constraint provider_accounts_priority_check on comms.provider_accounts is 'Priorities count from 1.';
comment on constraint provider_accounts_daily_limit_check on comms.provider_accounts is 'A limit is 1 at least.';
comment on constraint provider_accounts_failing_check on comms.provider_accounts is 'An account that is failing says since when.';
create unique index provider_accounts_priority_key on comms.provider_accounts (biz_id, channel, priority)
  where status <> 'disabled' and deleted_at is null;
comment on index comms.provider_accounts_priority_key is 'Another account of this channel has this priority.';

call core.install_table('comms.provider_accounts', 'M', 'cmpa', 'CommsProviderAccount', registrable => true);
call core.configure_graph('comms.provider_accounts', plain_moves => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('comms_provider_account', 'active', 'failing', false),
  ('comms_provider_account', 'failing', 'active', false),
  ('comms_provider_account', 'active', 'disabled', false),
  ('comms_provider_account', 'failing', 'disabled', false),
  ('comms_provider_account', 'disabled', 'active', false);
call core.install_state_machine('comms.provider_accounts', 'status', 'comms_provider_account');

-- suppressions --------------------------------------------------------------------------------------------------------

create table comms.suppressions (
  biz_id uuid not null,
  id uuid not null,
  channel comms.message_channel not null,
  address_enc bytea not null,
  address_bidx bytea not null,
  category comms.message_category,
  reason comms.suppression_reason not null,
  source text,
  suppressed_until timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint suppressions_pkey primary key (biz_id, id),
  constraint suppressions_source_check check (btrim(source) <> '' and length(source) <= 200),
  constraint suppressions_security_check check (category <> 'security' or reason <> 'stop')
);
comment on table comms.suppressions is 'That nothing is sent to an address. Looked at before each delivery.';
comment on column comms.suppressions.channel is 'The channel of the address.';
comment on column comms.suppressions.address_enc is 'The address, sealed.';
comment on column comms.suppressions.address_bidx is 'Blind index of the address.';
comment on column comms.suppressions.category is 'What is not sent to it; empty where nothing is.';
comment on column comms.suppressions.reason is 'Why.';
comment on column comms.suppressions.source is 'Where it was said, for example the provider that reported it.';
comment on column comms.suppressions.suppressed_until is 'Until when; empty where for good.';
comment on constraint suppressions_source_check on comms.suppressions is 'The source must not be blank, and has at most 200 characters.';
comment on constraint suppressions_security_check on comms.suppressions is 'Nobody unsubscribes from what is sent for security.';
create unique index suppressions_address_key on comms.suppressions (biz_id, channel, address_bidx, category) nulls not distinct
  where deleted_at is null;
comment on index comms.suppressions_address_key is 'This is not sent to this address already.';

call core.install_table('comms.suppressions', 'M', 'cmsu');
call core.configure_graph('comms.suppressions', plain_writes => false, aggregates => true);

-- campaigns -----------------------------------------------------------------------------------------------------------

create table comms.campaigns (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  segment_id uuid,
  topic_id uuid,
  template_id uuid not null,
  channel comms.message_channel not null,
  category comms.message_category not null default 'marketing',
  consent_purpose text,
  provider_account_id uuid,
  send_at timestamptz,
  send_per_minute integer,
  status comms.campaign_status not null default 'draft',
  started_at timestamptz,
  finished_at timestamptz,
  recipients integer not null default 0,
  sent integer not null default 0,
  suppressed integer not null default 0,
  without_consent integer not null default 0,
  failed integer not null default 0,
  constraint campaigns_pkey primary key (biz_id, id),
  constraint campaigns_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint campaigns_segment_id_fkey foreign key (biz_id, segment_id)
    references crm.segments (biz_id, id),
  constraint campaigns_topic_id_fkey foreign key (biz_id, topic_id)
    references comms.topics (biz_id, id),
  constraint campaigns_consent_purpose_check check (btrim(consent_purpose) <> '' and length(consent_purpose) <= 60),
  constraint campaigns_provider_account_id_fkey foreign key (biz_id, provider_account_id)
    references comms.provider_accounts (biz_id, id),
  constraint campaigns_template_id_fkey foreign key (biz_id, template_id, channel, category)
    references comms.notification_templates (biz_id, id, channel, category),
  constraint campaigns_audience_check check (num_nonnulls(segment_id, topic_id) = 1),
  constraint campaigns_category_check check (category <> 'security'),
  constraint campaigns_consent_check check (category <> 'marketing' or consent_purpose is not null),
  constraint campaigns_scheduled_check check (status in ('draft', 'cancelled') or send_at is not null),
  constraint campaigns_started_check check (status not in ('sending', 'paused', 'sent') or started_at is not null),
  constraint campaigns_finished_check check ((status in ('sent', 'cancelled')) = (finished_at is not null)),
  constraint campaigns_send_per_minute_check check (send_per_minute >= 1),
  constraint campaigns_counts_check check (least(recipients, sent, suppressed, without_consent, failed) >= 0
    and sent + suppressed + without_consent + failed <= recipients)
);
comment on table comms.campaigns is 'A message to many people at once: the members of a segment, or those who chose a topic.';
comment on column comms.campaigns.name is 'Name shown to staff.';
comment on column comms.campaigns.segment_id is 'The customers it goes to.';
comment on column comms.campaigns.topic_id is 'The topic whose subscribers it goes to.';
comment on column comms.campaigns.template_id is 'The words.';
comment on column comms.campaigns.channel is 'The channel, that of the template.';
comment on column comms.campaigns.category is 'Why it is sent, as the template says.';
comment on column comms.campaigns.consent_purpose is 'The purpose to which a customer must have consented; advertising has one always.';
comment on column comms.campaigns.provider_account_id is 'The account it goes over; empty where the usual order holds.';
comment on column comms.campaigns.send_at is 'When it is to be sent.';
comment on column comms.campaigns.send_per_minute is 'How many are sent in a minute at most; empty where there is no limit.';
comment on column comms.campaigns.status is 'Where it stands.';
comment on column comms.campaigns.started_at is 'When the first was sent.';
comment on column comms.campaigns.finished_at is 'When it was sent to everybody, or called off.';
comment on column comms.campaigns.recipients is 'How many people were chosen when it began.';
comment on column comms.campaigns.sent is 'To how many it was sent.';
comment on column comms.campaigns.suppressed is 'To how many it was not sent, as their address must not be used or they do not want it.';
comment on column comms.campaigns.without_consent is 'To how many it was not sent, as they had not consented.';
comment on column comms.campaigns.failed is 'To how many it could not be sent.';
comment on constraint campaigns_name_check on comms.campaigns is 'The name must not be blank, and has at most 200 characters.';
comment on constraint campaigns_consent_purpose_check on comms.campaigns is 'The consent purpose must not be blank, and has at most 60 characters.';
comment on constraint campaigns_template_id_fkey on comms.campaigns is 'Must be an existing template of this channel and category.';
comment on constraint campaigns_audience_check on comms.campaigns is 'A campaign goes to a segment, or to the subscribers of a topic.';
comment on constraint campaigns_category_check on comms.campaigns is 'What is sent for security is no campaign.';
comment on constraint campaigns_consent_check on comms.campaigns is 'Advertising needs consent: say to which purpose.';
comment on constraint campaigns_scheduled_check on comms.campaigns is 'A campaign that is scheduled says for when.';
comment on constraint campaigns_started_check on comms.campaigns is 'A campaign that was begun says when.';
comment on constraint campaigns_finished_check on comms.campaigns is 'A campaign that is over says since when.';
comment on constraint campaigns_send_per_minute_check on comms.campaigns is 'At least 1 is sent in a minute.';
comment on constraint campaigns_counts_check on comms.campaigns is 'No more are counted than were chosen.';
create index campaigns_status_idx on comms.campaigns (biz_id, status, send_at desc, id);
-- What is to be begun.
create index campaigns_due_idx on comms.campaigns (biz_id, send_at, id)
  where status = 'scheduled';

call core.install_table('comms.campaigns', 'T', 'cmca', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('campaign', 'draft', 'scheduled', false),
  ('campaign', 'scheduled', 'draft', false),
  ('campaign', 'scheduled', 'sending', false),
  ('campaign', 'draft', 'cancelled', false),
  ('campaign', 'scheduled', 'cancelled', false),
  ('campaign', 'sending', 'paused', false),
  ('campaign', 'paused', 'sending', false),
  ('campaign', 'sending', 'sent', false),
  ('campaign', 'sending', 'cancelled', true),
  ('campaign', 'paused', 'cancelled', true);
call core.install_state_machine('comms.campaigns', 'status', 'campaign');

create trigger campaigns_content_immutable
  before update on comms.campaigns
  for each row when (old.started_at is not null and (old.segment_id, old.topic_id, old.template_id, old.channel, old.category,
    old.consent_purpose) is distinct from (new.segment_id, new.topic_id, new.template_id, new.channel, new.category,
    new.consent_purpose))
  execute function availability.refuse_update('campaigns_content_immutable_check',
    'What is being sent, and to whom, is not changed.');

-- notification_digests ------------------------------------------------------------------------------------------------

create table comms.notification_digests (
  biz_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  subscriber_id uuid not null,
  digest_key text not null default '',
  starts_at timestamptz not null default now(),
  ends_at timestamptz not null,
  item_count integer not null default 0,
  status comms.digest_status not null default 'open',
  constraint notification_digests_pkey primary key (biz_id, id),
  constraint notification_digests_workflow_id_fkey foreign key (biz_id, workflow_id)
    references comms.notification_workflows (biz_id, id),
  constraint notification_digests_subscriber_id_fkey foreign key (biz_id, subscriber_id)
    references comms.subscribers (biz_id, id),
  constraint notification_digests_digest_key_check check (length(digest_key) <= 200),
  constraint notification_digests_workflow_id_key unique (biz_id, workflow_id, subscriber_id, id),
  constraint notification_digests_times_check check (ends_at > starts_at),
  constraint notification_digests_item_count_check check (item_count >= 0)
);
comment on table comms.notification_digests is 'Notifications of one workflow to one subscriber that are sent as one.';
comment on column comms.notification_digests.workflow_id is 'The workflow.';
comment on column comms.notification_digests.subscriber_id is 'The subscriber.';
comment on column comms.notification_digests.digest_key is 'What they have in common beyond that, for example one order.';
comment on column comms.notification_digests.starts_at is 'From when it gathers.';
comment on column comms.notification_digests.ends_at is 'When it is sent.';
comment on column comms.notification_digests.item_count is 'How many notifications it has.';
comment on column comms.notification_digests.status is 'Where it stands.';
comment on constraint notification_digests_digest_key_check on comms.notification_digests is 'The digest key has at most 200 characters.';
comment on constraint notification_digests_times_check on comms.notification_digests is 'The end must be after the start.';
comment on constraint notification_digests_item_count_check on comms.notification_digests is 'A digest cannot have fewer than no notifications.';
create unique index notification_digests_open_key on comms.notification_digests (biz_id, workflow_id, subscriber_id, digest_key)
  where status = 'open';
comment on index comms.notification_digests_open_key is 'A digest of this is open already.';
-- What is to be sent.
create index notification_digests_due_idx on comms.notification_digests (biz_id, ends_at, id)
  where status = 'open';

call core.install_table('comms.notification_digests', 'T', 'cmdg');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('notification_digest', 'open', 'sending', false),
  ('notification_digest', 'sending', 'sent', false),
  ('notification_digest', 'open', 'cancelled', false),
  ('notification_digest', 'sending', 'open', false);
call core.install_state_machine('comms.notification_digests', 'status', 'notification_digest');

-- notifications -------------------------------------------------------------------------------------------------------

create table comms.notifications (
  biz_id uuid not null,
  id uuid not null,
  workflow_id uuid,
  campaign_id uuid,
  subscriber_id uuid not null,
  transaction_key text not null,
  category comms.message_category not null,
  source_type text,
  source_id uuid,
  event_id uuid,
  payload jsonb not null default '{}',
  digest_id uuid,
  scheduled_at timestamptz not null default now(),
  status comms.notification_status not null default 'queued',
  status_detail text,
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  constraint notifications_pkey primary key (biz_id, id),
  constraint notifications_workflow_id_fkey foreign key (biz_id, workflow_id)
    references comms.notification_workflows (biz_id, id),
  constraint notifications_campaign_id_fkey foreign key (biz_id, campaign_id)
    references comms.campaigns (biz_id, id),
  constraint notifications_subscriber_id_fkey foreign key (biz_id, subscriber_id)
    references comms.subscribers (biz_id, id),
  constraint notifications_transaction_key_check check (btrim(transaction_key) <> '' and length(transaction_key) <= 200),
  constraint notifications_source_fkey foreign key (biz_id, source_type, source_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint notifications_source_check check (num_nonnulls(source_type, source_id) <> 1),
  constraint notifications_payload_check check (jsonb_typeof(payload) = 'object'),
  constraint notifications_status_detail_check check (length(status_detail) <= 2000),
  constraint notifications_transaction_key_key unique nulls not distinct (biz_id, workflow_id, campaign_id, subscriber_id,
    transaction_key),
  constraint notifications_digest_id_fkey foreign key (biz_id, workflow_id, subscriber_id, digest_id)
    references comms.notification_digests (biz_id, workflow_id, subscriber_id, id),
  constraint notifications_sender_check check (num_nonnulls(workflow_id, campaign_id) = 1),
  constraint notifications_digesting_check check (status <> 'digesting' or digest_id is not null),
  constraint notifications_sent_check check (status not in ('sent', 'completed') or sent_at is not null)
);
comment on table comms.notifications is 'That one person is to be told one thing, once, over whatever channels the workflow or campaign says.';
comment on column comms.notifications.workflow_id is 'The workflow that sends it.';
comment on column comms.notifications.campaign_id is 'The campaign that sends it.';
comment on column comms.notifications.subscriber_id is 'Who is told.';
comment on column comms.notifications.transaction_key is 'What tells it from others of the same workflow, for example the id of the event: what is asked for twice is sent once.';
comment on column comms.notifications.category is 'Why it is sent.';
comment on column comms.notifications.source_type is 'What it is about: an entity name, for example BookingOrder.';
comment on column comms.notifications.source_id is 'Which one: its id.';
comment on column comms.notifications.event_id is 'The event in core.outbox_events that caused it.';
comment on column comms.notifications.payload is 'The values for the template.';
comment on column comms.notifications.digest_id is 'The digest in which it is sent.';
comment on column comms.notifications.scheduled_at is 'When it is to be sent.';
comment on column comms.notifications.status is 'Where it stands.';
comment on column comms.notifications.status_detail is 'Why it was suppressed, cancelled or failed.';
comment on column comms.notifications.sent_at is 'When it was given to the first channel.';
comment on constraint notifications_transaction_key_check on comms.notifications is 'The transaction key must not be blank, and has at most 200 characters.';
comment on constraint notifications_source_fkey on comms.notifications is 'Must be an existing subject of this tenant.';
comment on constraint notifications_source_check on comms.notifications is 'What is referred to has both a type and an id.';
comment on constraint notifications_payload_check on comms.notifications is 'The payload is a JSON object.';
comment on constraint notifications_status_detail_check on comms.notifications is 'The status detail has at most 2,000 characters.';
comment on constraint notifications_transaction_key_key on comms.notifications is 'This was sent to this subscriber already.';
comment on constraint notifications_digest_id_fkey on comms.notifications is 'Must be a digest of the same workflow for the same subscriber.';
comment on constraint notifications_sender_check on comms.notifications is 'A notification is sent by a workflow or by a campaign.';
comment on constraint notifications_digesting_check on comms.notifications is 'What is gathered has a digest.';
comment on constraint notifications_sent_check on comms.notifications is 'What was sent says when.';
-- What is to be sent.
create index notifications_due_idx on comms.notifications (biz_id, scheduled_at, id)
  where status = 'queued';
-- What somebody was told.
create index notifications_subscriber_id_idx on comms.notifications (biz_id, subscriber_id, created_at desc, id);
create index notifications_status_idx on comms.notifications (biz_id, status, created_at) where status in ('sending', 'sent',
  'failed');

call core.install_table('comms.notifications', 'T', 'cmnt', registrable => true);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('notification', 'queued', 'digesting', false),
  ('notification', 'queued', 'sending', false),
  ('notification', 'digesting', 'sending', false),
  ('notification', 'sending', 'sent', false),
  ('notification', 'sent', 'completed', false),
  ('notification', 'queued', 'suppressed', false),
  ('notification', 'digesting', 'suppressed', false),
  ('notification', 'sending', 'suppressed', false),
  ('notification', 'queued', 'cancelled', false),
  ('notification', 'digesting', 'cancelled', false),
  ('notification', 'sending', 'failed', false),
  ('notification', 'sent', 'failed', false),
  ('notification', 'failed', 'queued', false);
call core.install_state_machine('comms.notifications', 'status', 'notification');

-- notification_deliveries ---------------------------------------------------------------------------------------------

create table comms.notification_deliveries (
  biz_id uuid not null,
  id uuid not null,
  queued_at timestamptz not null default now(),
  notification_id uuid not null,
  subscriber_id uuid not null,
  channel comms.message_channel not null,
  category comms.message_category not null,
  template_id uuid,
  provider_account_id uuid,
  address_bidx bytea,
  device_token_id uuid,
  attempt integer not null default 1,
  provider_message_id text,
  sent_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  clicked_at timestamptz,
  bounced_at timestamptz,
  complained_at timestamptz,
  failed_at timestamptz,
  expired_at timestamptz,
  error_code text,
  error text,
  constraint notification_deliveries_pkey primary key (biz_id, queued_at, id),
  constraint notification_deliveries_attempt_check check (attempt between 1 and 100),
  constraint notification_deliveries_provider_message_id_check check (length(provider_message_id) <= 300),
  constraint notification_deliveries_error_code_check check (length(error_code) <= 100 and length(error) <= 2000),
  constraint notification_deliveries_error_check check (
    (error_code is null and error is null) or coalesce(bounced_at, complained_at, failed_at, expired_at) is not null)
)
partition by range (queued_at);
comment on table comms.notification_deliveries is 'One try to bring a notification over one channel. What becomes of it are instants, each set once whatever the order in which the provider reports them: so it only moves forward. It stands where the last of clicked, opened, delivered, sent says, unless it bounced, failed or expired.';
comment on column comms.notification_deliveries.queued_at is 'When it was given to the queue of the channel.';
comment on column comms.notification_deliveries.notification_id is 'The notification. No foreign key, as for every journal.';
comment on column comms.notification_deliveries.subscriber_id is 'Who is told.';
comment on column comms.notification_deliveries.channel is 'The channel.';
comment on column comms.notification_deliveries.category is 'Why it is sent.';
comment on column comms.notification_deliveries.template_id is 'The version of the template whose words it has.';
comment on column comms.notification_deliveries.provider_account_id is 'The account that carries it; empty within the program.';
comment on column comms.notification_deliveries.address_bidx is 'Blind index of the address it goes to; empty within the program and for push.';
comment on column comms.notification_deliveries.device_token_id is 'The device it goes to, of a push message. No foreign key, as for every journal.';
comment on column comms.notification_deliveries.attempt is 'Which try it is on this channel, from 1.';
comment on column comms.notification_deliveries.provider_message_id is 'Its id at the provider. Set once.';
comment on column comms.notification_deliveries.sent_at is 'When the provider took it. Set once.';
comment on column comms.notification_deliveries.delivered_at is 'When it arrived. Set once.';
comment on column comms.notification_deliveries.opened_at is 'When it was first opened. Set once.';
comment on column comms.notification_deliveries.clicked_at is 'When a link in it was first followed. Set once.';
comment on column comms.notification_deliveries.bounced_at is 'When it came back. Set once.';
comment on column comms.notification_deliveries.complained_at is 'When it was called spam. Set once.';
comment on column comms.notification_deliveries.failed_at is 'When the provider refused it. Set once.';
comment on column comms.notification_deliveries.expired_at is 'When the provider gave up. Set once.';
comment on column comms.notification_deliveries.error_code is 'The provider''s code of what went wrong. Set once.';
comment on column comms.notification_deliveries.error is 'What went wrong, in words. Set once.';
comment on constraint notification_deliveries_attempt_check on comms.notification_deliveries is 'Tries count from 1.';
comment on constraint notification_deliveries_provider_message_id_check on comms.notification_deliveries is 'An id at a provider has at most 300 characters.';
comment on constraint notification_deliveries_error_code_check on comms.notification_deliveries is 'A code has at most 100 characters, and words 2,000.';
comment on constraint notification_deliveries_error_check on comms.notification_deliveries is 'What went wrong has a time.';
create index notification_deliveries_notification_id_idx on comms.notification_deliveries (biz_id, notification_id, queued_at);
-- What a provider reports on.
create index notification_deliveries_provider_message_id_idx on comms.notification_deliveries (biz_id, provider_account_id,
  provider_message_id)
  where provider_message_id is not null;
-- What did not arrive.
create index notification_deliveries_failures_idx on comms.notification_deliveries (biz_id, queued_at desc, id)
  where coalesce(bounced_at, complained_at, failed_at, expired_at) is not null;
-- Rates of a provider.
create index notification_deliveries_provider_account_id_idx on comms.notification_deliveries (biz_id, provider_account_id,
  queued_at);

call core.install_table('comms.notification_deliveries', 'P', 'cmdl', bookkeeping => array['provider_message_id', 'sent_at',
  'delivered_at', 'opened_at', 'clicked_at', 'bounced_at', 'complained_at', 'failed_at', 'expired_at', 'error_code', 'error']);

create function comms.check_suppressed() returns trigger
language plpgsql as $$
begin
  if exists (
    select
    from inserted d
    join comms.suppressions s
      on s.biz_id = d.biz_id
      and s.channel = d.channel
      and s.address_bidx = d.address_bidx
      and (s.category is null or s.category = d.category)
      and s.deleted_at is null
      and (s.suppressed_until is null or s.suppressed_until > now())
  ) then
    raise exception using
      errcode = '23514',
      message = 'Nothing is sent to this address.',
      schema = 'comms',
      table = 'notification_deliveries',
      column = 'address_bidx',
      constraint = 'notification_deliveries_suppressed_check';
  end if;
  return null;
end
$$;
comment on function comms.check_suppressed() is 'Trigger: no delivery goes to an address to which nothing is sent.';
create trigger notification_deliveries_suppressed
  after insert on comms.notification_deliveries referencing new table as inserted
  for each statement execute function comms.check_suppressed();

-- in_app_notifications ------------------------------------------------------------------------------------------------

create table comms.in_app_notifications (
  biz_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  notification_id uuid,
  category comms.message_category not null default 'transactional',
  title text not null,
  body text not null default '',
  action_url text,
  subject_type text,
  subject_id uuid,
  status comms.in_app_status not null default 'unseen',
  seen_at timestamptz,
  read_at timestamptz,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  constraint in_app_notifications_pkey primary key (biz_id, id),
  constraint in_app_notifications_user_id_fkey foreign key (user_id)
    references identity.users (id),
  constraint in_app_notifications_notification_id_fkey foreign key (biz_id, notification_id)
    references comms.notifications (biz_id, id),
  constraint in_app_notifications_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint in_app_notifications_body_check check (length(body) <= 2000),
  constraint in_app_notifications_subject_fkey foreign key (biz_id, subject_type, subject_id)
    references core.subject_registry (biz_id, subject_type, subject_id) deferrable initially deferred,
  constraint in_app_notifications_subject_check check (num_nonnulls(subject_type, subject_id) <> 1),
  constraint in_app_notifications_seen_check check ((status = 'unseen') = (seen_at is null) or status = 'archived'),
  constraint in_app_notifications_read_check check (
    (status <> 'read' or read_at is not null) and (status not in ('unseen', 'seen') or read_at is null)),
  constraint in_app_notifications_archived_check check ((status = 'archived') = (archived_at is not null)),
  constraint in_app_notifications_action_url_check check (action_url ~ '^/' and length(action_url) <= 1000)
);
comment on table comms.in_app_notifications is 'An entry of somebody''s inbox within the program. Purged after 30 days.';
comment on column comms.in_app_notifications.user_id is 'Whose inbox.';
comment on column comms.in_app_notifications.notification_id is 'The notification it brings.';
comment on column comms.in_app_notifications.category is 'Why it is shown.';
comment on column comms.in_app_notifications.title is 'Its heading.';
comment on column comms.in_app_notifications.body is 'Its text.';
comment on column comms.in_app_notifications.action_url is 'What it opens, within the program.';
comment on column comms.in_app_notifications.subject_type is 'What it is about: an entity name, for example BookingOrder.';
comment on column comms.in_app_notifications.subject_id is 'Which one: its id.';
comment on column comms.in_app_notifications.status is 'Where it stands.';
comment on column comms.in_app_notifications.seen_at is 'When it was first shown in the list.';
comment on column comms.in_app_notifications.read_at is 'When it was read; empty again where it was marked as unread.';
comment on column comms.in_app_notifications.archived_at is 'When it was put away.';
comment on constraint in_app_notifications_title_check on comms.in_app_notifications is 'The title must not be blank, and has at most 200 characters.';
comment on constraint in_app_notifications_body_check on comms.in_app_notifications is 'The body has at most 2,000 characters.';
comment on constraint in_app_notifications_subject_fkey on comms.in_app_notifications is 'Must be an existing subject of this tenant.';
comment on constraint in_app_notifications_subject_check on comms.in_app_notifications is 'What is referred to has both a type and an id.';
comment on constraint in_app_notifications_seen_check on comms.in_app_notifications is 'An entry that was seen says when.';
comment on constraint in_app_notifications_read_check on comms.in_app_notifications is 'An entry that was read says when, and no other does.';
comment on constraint in_app_notifications_archived_check on comms.in_app_notifications is 'An entry that was put away says when.';
comment on constraint in_app_notifications_action_url_check on comms.in_app_notifications is 'An action leads within the program. It has at most 1,000 characters.';
create unique index in_app_notifications_notification_id_key on comms.in_app_notifications (biz_id, notification_id)
  where notification_id is not null;
comment on index comms.in_app_notifications_notification_id_key is 'This notification is in the inbox already.';
-- How many are unread.
create index in_app_notifications_unread_idx on comms.in_app_notifications (biz_id, user_id) where status in ('unseen', 'seen');
-- The inbox.
create index in_app_notifications_inbox_idx on comms.in_app_notifications (biz_id, user_id, created_at desc, id)
  where status <> 'archived';

call core.install_table('comms.in_app_notifications', 'T', 'cmin');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('in_app_notification', 'unseen', 'seen', false),
  ('in_app_notification', 'unseen', 'read', false),
  ('in_app_notification', 'unseen', 'archived', false),
  ('in_app_notification', 'seen', 'read', false),
  ('in_app_notification', 'seen', 'archived', false),
  ('in_app_notification', 'read', 'seen', false),
  ('in_app_notification', 'read', 'archived', false),
  ('in_app_notification', 'archived', 'read', false),
  ('in_app_notification', 'archived', 'seen', false);
call core.install_state_machine('comms.in_app_notifications', 'status', 'in_app_notification');

select core.ensure_partitions(3);
