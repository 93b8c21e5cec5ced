-- Identity, continued: how people prove who they are, what happened to their accounts, programs that hear of events,
-- and accounts that several people share.

create domain identity.verification_purpose as text
  constraint verification_purpose_check check (value in ('email', 'phone', 'password_reset', 'mfa'));
comment on domain identity.verification_purpose is
  'What a code that was sent to somebody proves or opens.
email: That a mail address is theirs.
phone: That a telephone number is theirs.
password_reset: That they may choose a new password.
mfa: That they hold the second factor, at sign-in.';
comment on constraint verification_purpose_check on domain identity.verification_purpose is 'Unknown verification purpose.';

create domain identity.mfa_kind as text
  constraint mfa_kind_check check (value in ('totp', 'webauthn', 'sms', 'recovery_code'));
comment on domain identity.mfa_kind is
  'What a second factor is.
totp: An app that shows a new code every 30 seconds.
webauthn: A passkey or security key.
sms: A code sent to a telephone.
recovery_code: A code written down for the day the others are lost; it opens once.';
comment on constraint mfa_kind_check on domain identity.mfa_kind is 'Unknown mfa kind.';

create domain identity.security_event_kind as text
  constraint security_event_kind_check check (value in (
    'login_ok', 'login_fail', 'locked_out', 'signed_out', 'session_revoked', 'token_reused',
    'password_changed', 'password_reset', 'email_changed', 'phone_changed', 'mfa_added', 'mfa_removed',
    'mfa_failed', 'device_trusted', 'device_revoked', 'pin_failed', 'permission_denied',
    'impersonation_started', 'impersonation_ended'
  ));
comment on domain identity.security_event_kind is
  'What happened to an account.
login_ok: Somebody signed in.
login_fail: Somebody tried to sign in and could not.
locked_out: Too many tries; the account is closed for a while.
signed_out: The user signed out.
session_revoked: A session was ended before its time.
token_reused: A refresh token that had been exchanged came again, so one of two holders stole it.
password_changed: The password was changed.
password_reset: The password was replaced by way of a code.
email_changed: The mail address was changed.
phone_changed: The telephone number was changed.
mfa_added: A second factor was added.
mfa_removed: A second factor was taken away.
mfa_failed: A second factor was asked for and not shown.
device_trusted: A device was trusted with leaving out the second factor.
device_revoked: A device is not trusted any more.
pin_failed: A wrong PIN was entered at a till.
permission_denied: Something was asked for that the user may not do.
impersonation_started: Somebody of the platform or an administrator began to act as the user.
impersonation_ended: That came to its end.';
comment on constraint security_event_kind_check on domain identity.security_event_kind is 'Unknown security event kind.';

create domain identity.webhook_status as text
  constraint webhook_status_check check (value in ('active', 'paused', 'disabled'));
comment on domain identity.webhook_status is
  'Whether an endpoint is told of events.
active: It is.
paused: Not for now, by choice of the tenant; what happens meanwhile is told later.
disabled: No more, as it did not answer for long.';
comment on constraint webhook_status_check on domain identity.webhook_status is 'Unknown webhook status.';

create domain identity.delivery_status as text
  constraint delivery_status_check check (value in ('pending', 'retrying', 'delivered', 'failed'));
comment on domain identity.delivery_status is
  'How far telling an endpoint of an event has come.
pending: Not tried yet.
retrying: Tried, to be tried again.
delivered: The endpoint took it.
failed: Given up.';
comment on constraint delivery_status_check on domain identity.delivery_status is 'Unknown delivery status.';

create domain identity.group_account_kind as text
  constraint group_account_kind_check check (value in ('individual', 'family', 'team', 'company'));
comment on domain identity.group_account_kind is
  'What kind of group an account is for.
individual: One person.
family: A family or household.
team: A club, a team, a department.
company: A company.';
comment on constraint group_account_kind_check on domain identity.group_account_kind is 'Unknown group account kind.';

create domain identity.group_role as text
  constraint group_role_check check (value in ('owner', 'admin', 'member', 'dependent'));
comment on domain identity.group_role is
  'What a member of a group account may do in it.
owner: All, also closing it and naming other owners.
admin: Add and remove members, and see what all of them buy.
member: Buy on it, within a limit.
dependent: Have things bought for them, such as a child.';
comment on constraint group_role_check on domain identity.group_role is 'Unknown group role.';

create domain identity.device_platform as text
  constraint device_platform_check check (value in ('ios', 'android', 'web'));
comment on domain identity.device_platform is
  'What receives push messages.
ios: An app by way of Apple.
android: An app by way of Google.
web: A browser.';
comment on constraint device_platform_check on domain identity.device_platform is 'Unknown device platform.';

-- verifications ------------------------------------------------------------------------------------------------------

create table identity.verifications (
  id uuid not null,
  user_id uuid,
  identifier text not null,
  purpose identity.verification_purpose not null,
  code_hash bytea not null,
  attempts smallint not null default 0,
  expires_at timestamptz not null,
  consumed_at timestamptz,
  superseded_at timestamptz,
  ip text,
  created_at timestamptz not null default now(),
  constraint verifications_pkey primary key (id),
  constraint verifications_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint verifications_identifier_check check (btrim(identifier) <> '' and length(identifier) <= 254),
  constraint verifications_code_hash_check check (octet_length(code_hash) = 32),
  constraint verifications_attempts_check check (attempts between 0 and 5),
  constraint verifications_expires_at_check check (expires_at > created_at),
  constraint verifications_consumed_check check (
    consumed_at <= expires_at and (consumed_at is null or (attempts > 0 and superseded_at is null))
  ),
  constraint verifications_ip_check check (ip ~ '^[0-9a-fA-F:.]{2,45}$')
);
create unique index verifications_open_key on identity.verifications (identifier, purpose)
  where consumed_at is null and superseded_at is null;
create index verifications_expires_at_idx on identity.verifications (expires_at);
comment on table identity.verifications is 'One code that was sent to somebody. Only the platform reads it.';
comment on column identity.verifications.user_id is 'The user it was sent to; empty where there is no account yet.';
comment on column identity.verifications.identifier is 'Where it was sent: a mail address in lower case or a telephone number.';
comment on column identity.verifications.purpose is 'What it proves.';
comment on column identity.verifications.code_hash is 'Keyed digest of the code; the code itself is kept nowhere.';
comment on column identity.verifications.attempts is 'How often somebody entered a code for it, right or wrong.';
comment on column identity.verifications.expires_at is 'Until when it opens.';
comment on column identity.verifications.consumed_at is 'When the right code was entered; it opens once.';
comment on column identity.verifications.superseded_at is 'When a newer code took its place.';
comment on column identity.verifications.ip is 'The network address it was asked for from.';
comment on constraint verifications_identifier_check on identity.verifications is 'The identifier must not be blank, and has at most 254 characters.';
comment on constraint verifications_code_hash_check on identity.verifications is 'A digest has 32 bytes.';
comment on constraint verifications_attempts_check on identity.verifications is 'A code can be tried five times.';
comment on constraint verifications_expires_at_check on identity.verifications is 'A code lasts for a while.';
comment on constraint verifications_consumed_check on identity.verifications is 'A code is used in time, once, by being entered.';
comment on constraint verifications_ip_check on identity.verifications is 'This is not a network address.';
comment on index identity.verifications_open_key is 'A newer code takes the place of the one before it.';
call core.install_table('identity.verifications', 'G', 'idvf');

create trigger verifications_used_once
  before update on identity.verifications
  for each row when (
    old.consumed_at is not null
    or new.attempts < old.attempts
    or (old.superseded_at is not null and new.superseded_at is distinct from old.superseded_at)
    or new.code_hash <> old.code_hash
    or new.expires_at > old.expires_at)
  execute function core.refuse_update('verifications_used_once_check', 'A code is used once, and its tries are not taken back.');

alter table identity.verifications enable row level security;
alter table identity.verifications force row level security;
-- No policy for the app: it sees none.
create policy platform on identity.verifications as permissive for all to bizing_platform using (true) with check (true);

-- mfa_factors --------------------------------------------------------------------------------------------------------

create table identity.mfa_factors (
  id uuid not null,
  user_id uuid not null,
  kind identity.mfa_kind not null,
  label text,
  secret_sealed bytea,
  secret_hash bytea,
  credential_id bytea,
  last_counter bigint,
  confirmed_at timestamptz,
  last_used_at timestamptz,
  used_up_at timestamptz,
  removed_at timestamptz,
  constraint mfa_factors_pkey primary key (id),
  constraint mfa_factors_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint mfa_factors_label_check check (btrim(label) <> '' and length(label) <= 200),
  constraint mfa_factors_secret_hash_check check (octet_length(secret_hash) = 32),
  constraint mfa_factors_secret_check check (
    (kind = 'recovery_code') = (secret_hash is not null) and (secret_hash is null) = (secret_sealed is not null)
  ),
  constraint mfa_factors_credential_id_check check (
    (kind = 'webauthn') = (credential_id is not null) and octet_length(credential_id) <= 1023
  ),
  constraint mfa_factors_last_counter_check check (
    last_counter >= 0 and (last_counter is null or kind in ('totp', 'webauthn'))
  ),
  constraint mfa_factors_used_up_check check (used_up_at is null or kind = 'recovery_code')
);
create unique index mfa_factors_credential_id_key on identity.mfa_factors (credential_id) where removed_at is null;
create unique index mfa_factors_secret_hash_key on identity.mfa_factors (user_id, secret_hash)
  where secret_hash is not null;
comment on table identity.mfa_factors is 'A second factor of a user. The user sees that it is there; its secret only the platform reads.';
comment on column identity.mfa_factors.user_id is 'Whose it is.';
comment on column identity.mfa_factors.kind is 'What it is.';
comment on column identity.mfa_factors.label is 'What the user calls it, for example work phone.';
comment on column identity.mfa_factors.secret_sealed is 'The shared secret, public key, or telephone number, sealed by the server.';
comment on column identity.mfa_factors.secret_hash is 'Keyed digest of a recovery code.';
comment on column identity.mfa_factors.credential_id is 'The id that a passkey gave itself.';
comment on column identity.mfa_factors.last_counter is 'The time step of the last code of an app, or the signature counter of a passkey: none is taken twice.';
comment on column identity.mfa_factors.confirmed_at is 'When the user first showed it; it counts since then.';
comment on column identity.mfa_factors.last_used_at is 'When it was last shown.';
comment on column identity.mfa_factors.used_up_at is 'When a recovery code was used.';
comment on column identity.mfa_factors.removed_at is 'When it was taken away.';
comment on constraint mfa_factors_label_check on identity.mfa_factors is 'The label must not be blank, and has at most 200 characters.';
comment on constraint mfa_factors_secret_hash_check on identity.mfa_factors is 'A digest has 32 bytes.';
comment on constraint mfa_factors_secret_check on identity.mfa_factors is 'A recovery code has a digest, any other factor a sealed secret.';
comment on constraint mfa_factors_credential_id_check on identity.mfa_factors is 'A passkey has an id, and no other factor has one.';
comment on constraint mfa_factors_last_counter_check on identity.mfa_factors is 'Apps and passkeys have a counter, which is not negative.';
comment on constraint mfa_factors_used_up_check on identity.mfa_factors is 'Only a recovery code is used up.';
comment on index identity.mfa_factors_credential_id_key is 'This passkey is in use already.';
comment on index identity.mfa_factors_secret_hash_key is 'The user has this recovery code already.';
call core.install_table('identity.mfa_factors', 'G', 'idmf');

-- Fires also where the same number is written again: of two who show the same code at once, one is refused.
create trigger mfa_factors_counter_forward
  before update of last_counter on identity.mfa_factors
  for each row when (
    old.last_counter is not null
    and (new.last_counter is null
      or new.last_counter < old.last_counter
      or (new.last_counter = old.last_counter and (old.kind = 'totp' or new.last_counter > 0))))
  execute function core.refuse_update('mfa_factors_counter_forward_check', 'This code was used already: wait for the next one.');
create trigger mfa_factors_used_once
  before update of used_up_at on identity.mfa_factors
  for each row when (old.used_up_at is not null)
  execute function core.refuse_update('mfa_factors_used_once_check', 'This recovery code was used already.');

alter table identity.mfa_factors enable row level security;
alter table identity.mfa_factors force row level security;
create policy app_own on identity.mfa_factors as permissive for select to bizing_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy platform on identity.mfa_factors as permissive for all to bizing_platform using (true) with check (true);

-- trusted_devices ----------------------------------------------------------------------------------------------------

create table identity.trusted_devices (
  id uuid not null,
  user_id uuid not null,
  fingerprint_hash bytea not null,
  name text not null,
  trusted_until timestamptz not null,
  last_seen_at timestamptz,
  last_ip text,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  constraint trusted_devices_pkey primary key (id),
  constraint trusted_devices_user_id_fingerprint_hash_key unique (user_id, fingerprint_hash),
  constraint trusted_devices_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint trusted_devices_fingerprint_hash_check check (octet_length(fingerprint_hash) = 32),
  constraint trusted_devices_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint trusted_devices_trusted_until_check check (trusted_until > created_at),
  constraint trusted_devices_last_ip_check check (last_ip ~ '^[0-9a-fA-F:.]{2,45}$')
);
comment on table identity.trusted_devices is 'A device on which a user need not show the second factor each time.';
comment on column identity.trusted_devices.user_id is 'Whose it is.';
comment on column identity.trusted_devices.fingerprint_hash is 'Digest of the random mark that the device keeps.';
comment on column identity.trusted_devices.name is 'What the user calls it, for example Chrome on the desk at home.';
comment on column identity.trusted_devices.trusted_until is 'Until when it is trusted.';
comment on column identity.trusted_devices.last_seen_at is 'When it was last used to sign in.';
comment on column identity.trusted_devices.last_ip is 'The network address it last came from.';
comment on column identity.trusted_devices.revoked_at is 'When it stopped being trusted before its time.';
comment on constraint trusted_devices_fingerprint_hash_check on identity.trusted_devices is 'A digest has 32 bytes.';
comment on constraint trusted_devices_name_check on identity.trusted_devices is 'The name must not be blank, and has at most 200 characters.';
comment on constraint trusted_devices_user_id_fingerprint_hash_key on identity.trusted_devices is 'This device is known already.';
comment on constraint trusted_devices_trusted_until_check on identity.trusted_devices is 'A device is trusted for a while.';
comment on constraint trusted_devices_last_ip_check on identity.trusted_devices is 'This is not a network address.';
call core.install_table('identity.trusted_devices', 'G', 'idtd');

alter table identity.trusted_devices enable row level security;
alter table identity.trusted_devices force row level security;
create policy app_own on identity.trusted_devices as permissive for all to bizing_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy platform on identity.trusted_devices as permissive for all to bizing_platform using (true) with check (true);
grant update (name, revoked_at, updated_at) on identity.trusted_devices to bizing_app;

alter table identity.sessions
  add column device_id uuid,
  add constraint sessions_device_id_fkey foreign key (device_id) references identity.trusted_devices (id);
comment on column identity.sessions.device_id is 'The device that is signed in, where it is known.';
call core.index_foreign_keys('identity.sessions');
call core.describe_table('identity.sessions');

-- security_events ----------------------------------------------------------------------------------------------------

create table identity.security_events (
  id uuid not null,
  user_id uuid,
  active_biz_id uuid,
  session_id uuid,
  kind identity.security_event_kind not null,
  identifier_hash bytea,
  permission_code text,
  ip text,
  user_agent text,
  detail jsonb not null default '{}',
  occurred_at timestamptz not null default now(),
  constraint security_events_pkey primary key (id),
  constraint security_events_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint security_events_active_biz_id_fkey
    foreign key (active_biz_id) references core.bizes (id),
  constraint security_events_identifier_hash_check check (octet_length(identifier_hash) = 32),
  constraint security_events_permission_code_check check (
    btrim(permission_code) <> '' and length(permission_code) <= 100
  ),
  constraint security_events_user_agent_check check (btrim(user_agent) <> '' and length(user_agent) <= 500),
  constraint security_events_detail_check check (jsonb_typeof(detail) = 'object'),
  constraint security_events_permission_check check ((kind = 'permission_denied') = (permission_code is not null)),
  constraint security_events_ip_check check (ip ~ '^[0-9a-fA-F:.]{2,45}$'),
  constraint security_events_whose_check check (user_id is not null or kind in ('login_fail', 'locked_out'))
);
create index security_events_user_idx on identity.security_events (user_id, occurred_at);
create index security_events_active_biz_idx on identity.security_events (active_biz_id, occurred_at);
create index security_events_identifier_idx on identity.security_events (identifier_hash, occurred_at)
  where kind = 'login_fail';
comment on table identity.security_events is 'One thing that happened to an account, at sign-in or by a change of what signs in. A tenant sees those of its members, a user their own.';
comment on column identity.security_events.user_id is 'Whose account; empty where a name was tried that no account has.';
comment on column identity.security_events.active_biz_id is 'The tenant in which it happened; empty at sign-in, before one is chosen.';
comment on column identity.security_events.session_id is 'The session in which it happened. No foreign key, as sessions are purged.';
comment on column identity.security_events.kind is 'What happened.';
comment on column identity.security_events.identifier_hash is 'Keyed digest of the name that was tried, to count tries of names that no account has.';
comment on column identity.security_events.permission_code is 'The permission that was missing, for example booking.cancel.';
comment on column identity.security_events.ip is 'The network address it came from.';
comment on column identity.security_events.user_agent is 'What the device said of itself.';
comment on column identity.security_events.detail is 'What else is known, by name; never a secret.';
comment on column identity.security_events.occurred_at is 'When it happened.';
comment on constraint security_events_identifier_hash_check on identity.security_events is 'A digest has 32 bytes.';
comment on constraint security_events_permission_code_check on identity.security_events is 'The permission code must not be blank, and has at most 100 characters.';
comment on constraint security_events_user_agent_check on identity.security_events is 'The user agent must not be blank, and has at most 500 characters.';
comment on constraint security_events_detail_check on identity.security_events is 'The detail must be a JSON object.';
comment on constraint security_events_permission_check on identity.security_events is 'What was denied names the permission, and nothing else does.';
comment on constraint security_events_ip_check on identity.security_events is 'This is not a network address.';
comment on constraint security_events_whose_check on identity.security_events is 'Only a failed sign-in is nobody''s.';
call core.install_table('identity.security_events', 'G', 'idse');

create trigger security_events_immutable
  before update on identity.security_events
  for each row execute function core.refuse_update(
    'security_events_append_only_check', 'A security event is never changed or deleted: it is corrected by a new one.');
create trigger security_events_kept
  before delete on identity.security_events
  for each row when (old.occurred_at > now() - interval '90 days')
  execute function core.refuse_update(
    'security_events_append_only_check', 'A security event is never changed or deleted: it is corrected by a new one.');

alter table identity.security_events enable row level security;
alter table identity.security_events force row level security;
create policy app_visible on identity.security_events as permissive for select to bizing_app
  using (
    user_id = (select nullif(current_setting('app.user_id', true), '')::uuid)
    or active_biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
    or exists (
      select
      from identity.members m
      where m.user_id = security_events.user_id
        and m.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
    ) and active_biz_id is null
  );
create policy platform on identity.security_events as permissive for all to bizing_platform using (true) with check (true);

-- webhook_endpoints --------------------------------------------------------------------------------------------------

create table identity.webhook_endpoints (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  url text not null,
  topics text[] not null,
  secret_sealed bytea not null,
  previous_secret_sealed bytea,
  previous_secret_until timestamptz,
  status identity.webhook_status not null default 'active',
  failure_count integer not null default 0,
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_error text,
  cursor_transaction_id xid8,
  cursor_seq bigint,
  deleted_at timestamptz,
  constraint webhook_endpoints_pkey primary key (biz_id, id),
  constraint webhook_endpoints_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint webhook_endpoints_failure_count_check check (failure_count >= 0),
  constraint webhook_endpoints_last_error_check check (btrim(last_error) <> '' and length(last_error) <= 2000),
  constraint webhook_endpoints_url_check check (
    url ~ '^https://[A-Za-z0-9.-]+\.[A-Za-z]{2,}(:[0-9]{1,5})?(/|$)' and length(url) <= 2000
    and url !~* '^https://([^/]*\.)?(localhost|local|internal|localdomain|home\.arpa)(:|/|$)'
  ),
  constraint webhook_endpoints_topics_check check (
    array_position(topics, null) is null and cardinality(topics) between 1 and 200
  ),
  constraint webhook_endpoints_previous_secret_check check (
    num_nonnulls(previous_secret_sealed, previous_secret_until) <> 1
  ),
  constraint webhook_endpoints_cursor_check check (num_nonnulls(cursor_transaction_id, cursor_seq) <> 1)
);
create unique index webhook_endpoints_url_key on identity.webhook_endpoints (biz_id, url) where deleted_at is null;
comment on table identity.webhook_endpoints is 'A program of the tenant that is told of events over HTTP.';
comment on column identity.webhook_endpoints.name is 'What it is for, for example Accounting.';
comment on column identity.webhook_endpoints.url is 'Where events are posted.';
comment on column identity.webhook_endpoints.topics is 'The topics it is told of, for example booking.confirmed, or booking.* for all of a context.';
comment on column identity.webhook_endpoints.secret_sealed is 'The secret by which it knows that a message is ours; shown once, when it is made.';
comment on column identity.webhook_endpoints.previous_secret_sealed is 'The secret before, by which messages are signed as well until it ends.';
comment on column identity.webhook_endpoints.previous_secret_until is 'Until when they are.';
comment on column identity.webhook_endpoints.status is 'Whether it is told.';
comment on column identity.webhook_endpoints.failure_count is 'How many messages in a row it did not take.';
comment on column identity.webhook_endpoints.last_success_at is 'When it last took a message.';
comment on column identity.webhook_endpoints.last_failure_at is 'When it last did not.';
comment on column identity.webhook_endpoints.last_error is 'What it answered then.';
comment on column identity.webhook_endpoints.cursor_transaction_id is 'The transaction of the last event that deliveries were made of.';
comment on column identity.webhook_endpoints.cursor_seq is 'The place of that event within its transaction.';
comment on constraint webhook_endpoints_name_check on identity.webhook_endpoints is 'The name must not be blank, and has at most 200 characters.';
comment on constraint webhook_endpoints_failure_count_check on identity.webhook_endpoints is 'The failure count cannot be negative.';
comment on constraint webhook_endpoints_last_error_check on identity.webhook_endpoints is 'The last error must not be blank, and has at most 2,000 characters.';
comment on constraint webhook_endpoints_url_check on identity.webhook_endpoints is 'An endpoint is a public host by name, over https, with no user in the address.';
comment on constraint webhook_endpoints_topics_check on identity.webhook_endpoints is 'An endpoint names 1 to 200 topics.';
comment on constraint webhook_endpoints_previous_secret_check on identity.webhook_endpoints is 'A former secret counts until a moment that is known.';
comment on constraint webhook_endpoints_cursor_check on identity.webhook_endpoints is 'A place in the feed is a transaction and a place within it.';
comment on index identity.webhook_endpoints_url_key is 'There is an endpoint at this address already.';
call core.install_table('identity.webhook_endpoints', 'M', 'idwe');
call core.configure_graph('identity.webhook_endpoints', plain_writes => false);

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('webhook_endpoint', 'active', 'paused', false),
  ('webhook_endpoint', 'active', 'disabled', true),
  ('webhook_endpoint', 'paused', 'active', false),
  ('webhook_endpoint', 'disabled', 'active', false);
call core.install_state_machine('identity.webhook_endpoints', 'status', 'webhook_endpoint');

-- webhook_deliveries -------------------------------------------------------------------------------------------------

create table identity.webhook_deliveries (
  biz_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  event_id uuid not null,
  event_seq bigint not null,
  event_occurred_at timestamptz not null,
  topic text not null,
  attempts integer not null default 0,
  status identity.delivery_status not null default 'pending',
  response_code smallint,
  response_excerpt text,
  duration_ms integer,
  next_attempt_at timestamptz,
  delivered_at timestamptz,
  constraint webhook_deliveries_pkey primary key (biz_id, id),
  constraint webhook_deliveries_endpoint_id_event_seq_key unique (biz_id, endpoint_id, event_seq),
  constraint webhook_deliveries_endpoint_id_fkey
    foreign key (biz_id, endpoint_id) references identity.webhook_endpoints (biz_id, id),
  constraint webhook_deliveries_topic_check check (btrim(topic) <> '' and length(topic) <= 100),
  constraint webhook_deliveries_attempts_check check (attempts >= 0),
  constraint webhook_deliveries_response_code_check check (response_code between 100 and 599),
  constraint webhook_deliveries_response_excerpt_check check (length(response_excerpt) <= 2000),
  constraint webhook_deliveries_duration_ms_check check (duration_ms >= 0),
  constraint webhook_deliveries_delivered_check check ((status = 'delivered') = (delivered_at is not null)),
  constraint webhook_deliveries_next_attempt_check check (
    (status in ('pending', 'retrying')) = (next_attempt_at is not null)
  )
);
create index webhook_deliveries_next_attempt_at_idx on identity.webhook_deliveries (next_attempt_at)
  where status in ('pending', 'retrying');
comment on table identity.webhook_deliveries is 'That one endpoint is told of one event. Trying again changes this row.';
comment on column identity.webhook_deliveries.endpoint_id is 'The endpoint.';
comment on column identity.webhook_deliveries.event_id is 'The event. No foreign key, as for every journal.';
comment on column identity.webhook_deliveries.event_seq is 'Its place in the outbox, unique there.';
comment on column identity.webhook_deliveries.event_occurred_at is 'When it happened, by which it is found in the outbox.';
comment on column identity.webhook_deliveries.topic is 'What happened, for example booking.confirmed.';
comment on column identity.webhook_deliveries.attempts is 'How often it was tried.';
comment on column identity.webhook_deliveries.status is 'How far it has come.';
comment on column identity.webhook_deliveries.response_code is 'The HTTP status it was last answered with; empty where there was no answer.';
comment on column identity.webhook_deliveries.response_excerpt is 'The first characters of that answer.';
comment on column identity.webhook_deliveries.duration_ms is 'How long that answer took, in milliseconds.';
comment on column identity.webhook_deliveries.next_attempt_at is 'When it is tried next; empty where it is not.';
comment on column identity.webhook_deliveries.delivered_at is 'When the endpoint took it.';
comment on constraint webhook_deliveries_topic_check on identity.webhook_deliveries is 'The topic must not be blank, and has at most 100 characters.';
comment on constraint webhook_deliveries_attempts_check on identity.webhook_deliveries is 'The attempts cannot be negative.';
comment on constraint webhook_deliveries_endpoint_id_event_seq_key on identity.webhook_deliveries is 'The endpoint is told of this event already.';
comment on constraint webhook_deliveries_response_code_check on identity.webhook_deliveries is 'An HTTP status lies between 100 and 599.';
comment on constraint webhook_deliveries_response_excerpt_check on identity.webhook_deliveries is 'Of an answer at most 2,000 characters are kept.';
comment on constraint webhook_deliveries_duration_ms_check on identity.webhook_deliveries is 'An answer does not come before the question.';
comment on constraint webhook_deliveries_delivered_check on identity.webhook_deliveries is 'What was delivered says when, and nothing else does.';
comment on constraint webhook_deliveries_next_attempt_check on identity.webhook_deliveries is 'What is to be tried again says when, and nothing else does.';
call core.install_table('identity.webhook_deliveries', 'T', 'idwd');

insert into core.state_transitions (machine, from_status, to_status, requires_reason) values
  ('webhook_delivery', 'pending', 'retrying', false),
  ('webhook_delivery', 'pending', 'delivered', false),
  ('webhook_delivery', 'pending', 'failed', false),
  ('webhook_delivery', 'retrying', 'delivered', false),
  ('webhook_delivery', 'retrying', 'failed', false),
  ('webhook_delivery', 'failed', 'pending', false);
call core.install_state_machine('identity.webhook_deliveries', 'status', 'webhook_delivery');

-- approval_pins ------------------------------------------------------------------------------------------------------

create table identity.approval_pins (
  biz_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  pin_phc text not null,
  failed_attempts smallint not null default 0,
  locked_until timestamptz,
  last_used_at timestamptz,
  deleted_at timestamptz,
  constraint approval_pins_pkey primary key (biz_id, id),
  constraint approval_pins_member_id_fkey foreign key (biz_id, member_id) references identity.members (biz_id, id),
  constraint approval_pins_pin_phc_check check (pin_phc ~ '^\$argon2id\$'),
  constraint approval_pins_failed_attempts_check check (failed_attempts between 0 and 10)
);
create unique index approval_pins_member_id_key on identity.approval_pins (biz_id, member_id)
  where deleted_at is null;
comment on table identity.approval_pins is 'The PIN by which a member approves at somebody else''s till what the person there may not do alone.';
comment on column identity.approval_pins.member_id is 'Whose it is.';
comment on column identity.approval_pins.pin_phc is 'The PIN as an Argon2id digest in PHC form.';
comment on column identity.approval_pins.failed_attempts is 'Wrong entries in a row.';
comment on column identity.approval_pins.locked_until is 'Until when it is not taken, after too many of them.';
comment on column identity.approval_pins.last_used_at is 'When it was last used.';
comment on constraint approval_pins_pin_phc_check on identity.approval_pins is 'A PIN is kept as an Argon2id digest.';
comment on constraint approval_pins_failed_attempts_check on identity.approval_pins is 'After ten wrong entries a PIN is set anew.';
comment on index identity.approval_pins_member_id_key is 'The member has a PIN already.';
call core.install_table('identity.approval_pins', 'M', 'idap');
call core.configure_graph('identity.approval_pins', plain_writes => false);

-- group_accounts -----------------------------------------------------------------------------------------------------

create table identity.group_accounts (
  biz_id uuid not null,
  id uuid not null,
  name text not null,
  kind identity.group_account_kind not null,
  billing_contact_type text,
  billing_contact_id uuid,
  note text,
  constraint group_accounts_pkey primary key (biz_id, id),
  constraint group_accounts_billing_contact_fkey
    foreign key (biz_id, billing_contact_type, billing_contact_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint group_accounts_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint group_accounts_billing_contact_check check (num_nonnulls(billing_contact_type, billing_contact_id) <> 1),
  constraint group_accounts_note_check check (btrim(note) <> '' and length(note) <= 10000),
  constraint group_accounts_billing_contact_type_check check (billing_contact_type in ('Customer', 'Member'))
);
create index group_accounts_name_idx on identity.group_accounts (biz_id, name);
comment on table identity.group_accounts is 'An account that several people share: a family, a team, a company.';
comment on column identity.group_accounts.name is 'What it is called, for example Family Moreira.';
comment on column identity.group_accounts.kind is 'What kind of group it is.';
comment on column identity.group_accounts.billing_contact_type is 'Who gets its bills: Customer or Member.';
comment on column identity.group_accounts.billing_contact_id is 'Which one: its id.';
comment on column identity.group_accounts.note is 'What staff should know about it.';
comment on constraint group_accounts_name_check on identity.group_accounts is 'The name must not be blank, and has at most 200 characters.';
comment on constraint group_accounts_billing_contact_fkey on identity.group_accounts is 'Must be an existing billing contact of this tenant.';
comment on constraint group_accounts_billing_contact_check on identity.group_accounts is 'A billing contact has a type and an id.';
comment on constraint group_accounts_note_check on identity.group_accounts is 'The note must not be blank, and has at most 10,000 characters.';
comment on constraint group_accounts_billing_contact_type_check on identity.group_accounts is 'Bills go to a customer or a member.';
call core.install_table('identity.group_accounts', 'M', 'idga', registrable => true);
call core.configure_graph('identity.group_accounts', plain_writes => false);

-- group_account_members ----------------------------------------------------------------------------------------------

create table identity.group_account_members (
  biz_id uuid not null,
  id uuid not null,
  group_account_id uuid not null,
  user_id uuid,
  customer_type text,
  customer_id uuid,
  role identity.group_role not null default 'member',
  spending_limit_minor bigint,
  currency char(3),
  starts_on date not null default current_date,
  ends_on date,
  period daterange generated always as (daterange(starts_on, ends_on, '[)')) stored,
  deleted_at timestamptz,
  constraint group_account_members_pkey primary key (biz_id, id),
  constraint group_account_members_group_account_id_fkey
    foreign key (biz_id, group_account_id) references identity.group_accounts (biz_id, id),
  constraint group_account_members_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint group_account_members_customer_fkey
    foreign key (biz_id, customer_type, customer_id)
    references core.subject_registry (biz_id, subject_type, subject_id)
    deferrable initially deferred,
  constraint group_account_members_currency_fkey foreign key (currency) references core.currencies (code),
  constraint group_account_members_customer_check check (num_nonnulls(customer_type, customer_id) <> 1),
  constraint group_account_members_customer_type_check check (customer_type = 'Customer'),
  constraint group_account_members_who_check check (num_nonnulls(user_id, customer_id) = 1),
  constraint group_account_members_spending_limit_check check (spending_limit_minor >= 0),
  constraint group_account_members_spending_limit_currency_check check (
    num_nonnulls(spending_limit_minor, currency) <> 1
  ),
  constraint group_account_members_dates_check check (ends_on > starts_on),
  constraint group_account_members_owner_dates_check check (role <> 'owner' or ends_on is null),
  constraint group_account_members_user_once_excl
    exclude using gist (biz_id with =, group_account_id with =, user_id with =, period with &&)
    where (user_id is not null and deleted_at is null),
  constraint group_account_members_customer_once_excl
    exclude using gist (biz_id with =, group_account_id with =, customer_id with =, period with &&)
    where (customer_id is not null and deleted_at is null)
);
comment on table identity.group_account_members is 'Somebody who belongs to a group account, for a while or for good.';
comment on column identity.group_account_members.group_account_id is 'The account.';
comment on column identity.group_account_members.user_id is 'The user it is, where somebody who signs in.';
comment on column identity.group_account_members.customer_type is 'The customer it is, otherwise: Customer.';
comment on column identity.group_account_members.customer_id is 'Which one: its id.';
comment on column identity.group_account_members.role is 'What they may do in it.';
comment on column identity.group_account_members.spending_limit_minor is 'The most they may spend on it in a calendar month, in minor units; empty where there is no limit.';
comment on column identity.group_account_members.currency is 'The currency of the limit.';
comment on column identity.group_account_members.starts_on is 'First day of belonging to it.';
comment on column identity.group_account_members.ends_on is 'First day of not belonging any more; empty where it is for good.';
comment on column identity.group_account_members.period is 'From starts_on to ends_on, as a range.';
comment on constraint group_account_members_customer_fkey on identity.group_account_members is 'Must be an existing customer of this tenant.';
comment on constraint group_account_members_customer_check on identity.group_account_members is 'A customer has a type and an id.';
comment on constraint group_account_members_customer_type_check on identity.group_account_members is 'A member of a group account is a user or a customer.';
comment on constraint group_account_members_who_check on identity.group_account_members is 'A member of a group account is either a user or a customer.';
comment on constraint group_account_members_spending_limit_check on identity.group_account_members is 'A limit is not negative.';
comment on constraint group_account_members_spending_limit_currency_check on identity.group_account_members is 'A limit and its currency are given together.';
comment on constraint group_account_members_dates_check on identity.group_account_members is 'The end must be after the first day.';
comment on constraint group_account_members_owner_dates_check on identity.group_account_members is 'An owner belongs to it until another takes over.';
comment on constraint group_account_members_user_once_excl on identity.group_account_members is 'This user belongs to the account on some of these days already.';
comment on constraint group_account_members_customer_once_excl on identity.group_account_members is 'This customer belongs to the account on some of these days already.';
call core.install_table('identity.group_account_members', 'M', 'idgm');
call core.configure_graph('identity.group_account_members', plain_writes => false);

create function identity.keep_a_group_owner()
  returns trigger
  language plpgsql
as $$
declare
  account_id uuid;
begin
  if tg_table_name = 'group_accounts' then
    account_id := new.id;
  else
    account_id := old.group_account_id;
  end if;
  -- Two owners who leave at once would each count on the other: one after the other, each with a fresh look.
  perform pg_advisory_xact_lock(hashtextextended(format('identity.group_owners %s %s', new.biz_id, account_id), 0));
  if exists (
    select
    from identity.group_accounts a
    where a.biz_id = new.biz_id
      and a.id = account_id
      and a.deleted_at is null
  ) and not exists (
    select
    from identity.group_account_members m
    where m.biz_id = new.biz_id
      and m.group_account_id = account_id
      and m.role = 'owner'
      and m.deleted_at is null
  ) then
    raise exception using
      errcode = '23514',
      message = 'A group account has an owner: make somebody else one first.',
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_name;
  end if;
  return null;
end
$$;
comment on function identity.keep_a_group_owner() is
  'At the end of a transaction that made a group account or took an owner away: one owner must be left, unless the account is archived.';
create constraint trigger group_accounts_owner_check
  after insert or update of deleted_at on identity.group_accounts
  deferrable initially deferred
  for each row
  when (new.deleted_at is null)
  execute function identity.keep_a_group_owner();
comment on constraint group_accounts_owner_check on identity.group_accounts is
  'A group account has an owner: make somebody else one first.';
create constraint trigger group_account_members_last_owner_check
  after update of role, deleted_at, group_account_id on identity.group_account_members
  deferrable initially deferred
  for each row
  when (
    old.role = 'owner'
    and (new.role <> 'owner' or new.deleted_at is not null or new.group_account_id <> old.group_account_id))
  execute function identity.keep_a_group_owner();
comment on constraint group_account_members_last_owner_check on identity.group_account_members is
  'A group account has an owner: make somebody else one first.';

-- device_tokens ------------------------------------------------------------------------------------------------------

create table identity.device_tokens (
  biz_id uuid not null,
  id uuid not null,
  user_id uuid,
  member_id uuid,
  platform identity.device_platform not null,
  push_endpoint text not null,
  keys_sealed bytea,
  name text,
  app_version text,
  locale core.locale,
  last_seen_at timestamptz not null default now(),
  revoked_at timestamptz,
  deleted_at timestamptz,
  constraint device_tokens_pkey primary key (biz_id, id),
  constraint device_tokens_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint device_tokens_member_id_fkey foreign key (biz_id, member_id) references identity.members (biz_id, id),
  constraint device_tokens_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint device_tokens_app_version_check check (btrim(app_version) <> '' and length(app_version) <= 60),
  constraint device_tokens_holder_check check (num_nonnulls(user_id, member_id) = 1),
  constraint device_tokens_push_endpoint_check check (btrim(push_endpoint) <> '' and length(push_endpoint) <= 1000),
  constraint device_tokens_keys_check check (platform <> 'web' or keys_sealed is not null)
);
create unique index device_tokens_push_endpoint_key on identity.device_tokens (biz_id, push_endpoint)
  where revoked_at is null and deleted_at is null;
comment on table identity.device_tokens is 'A device that push messages can be sent to.';
comment on column identity.device_tokens.user_id is 'The user who holds it, where it is a customer''s.';
comment on column identity.device_tokens.member_id is 'The member who holds it, where it is for work.';
comment on column identity.device_tokens.platform is 'What receives the messages.';
comment on column identity.device_tokens.push_endpoint is 'The address or token that the push service gave it.';
comment on column identity.device_tokens.keys_sealed is 'The keys by which messages to a browser are sealed, themselves sealed by the server.';
comment on column identity.device_tokens.name is 'What the device is called, for example Ana''s phone.';
comment on column identity.device_tokens.app_version is 'Version of the app on it.';
comment on column identity.device_tokens.locale is 'The language it shows messages in.';
comment on column identity.device_tokens.last_seen_at is 'When it last said that it is there.';
comment on column identity.device_tokens.revoked_at is 'When it stopped taking messages: signed out, or told so by the push service.';
comment on constraint device_tokens_name_check on identity.device_tokens is 'The name must not be blank, and has at most 200 characters.';
comment on constraint device_tokens_app_version_check on identity.device_tokens is 'The app version must not be blank, and has at most 60 characters.';
comment on constraint device_tokens_holder_check on identity.device_tokens is 'A device is held by either a user or a member.';
comment on constraint device_tokens_push_endpoint_check on identity.device_tokens is 'The address of a device must not be blank, and has at most 1,000 characters.';
comment on constraint device_tokens_keys_check on identity.device_tokens is 'A browser has keys.';
comment on index identity.device_tokens_push_endpoint_key is 'This device is known already.';
call core.install_table('identity.device_tokens', 'M', 'iddt');
call core.configure_graph('identity.device_tokens', plain_writes => false);

-- impersonations -----------------------------------------------------------------------------------------------------

create table identity.impersonations (
  biz_id uuid not null,
  id uuid not null,
  actor_id uuid not null,
  target_user_id uuid not null,
  reason text not null,
  ticket_ref text,
  started_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  constraint impersonations_pkey primary key (biz_id, id),
  constraint impersonations_actor_id_fkey foreign key (actor_id) references identity.users (id),
  constraint impersonations_target_user_id_fkey foreign key (target_user_id) references identity.users (id),
  constraint impersonations_reason_check check (btrim(reason) <> '' and length(reason) <= 2000),
  constraint impersonations_ticket_ref_check check (btrim(ticket_ref) <> '' and length(ticket_ref) <= 200),
  constraint impersonations_users_check check (actor_id <> target_user_id),
  constraint impersonations_duration_check check (
    expires_at > started_at and expires_at <= started_at + interval '60 minutes'
  ),
  constraint impersonations_ended_at_check check (ended_at between started_at and expires_at)
);
create unique index impersonations_open_key on identity.impersonations (biz_id, actor_id) where ended_at is null;
create index impersonations_started_at_idx on identity.impersonations (biz_id, started_at);
comment on table identity.impersonations is 'That somebody acted as somebody else, to help or to look into something, and why. Every request of that time says so in the audit trail.';
comment on column identity.impersonations.actor_id is 'The user who acts.';
comment on column identity.impersonations.target_user_id is 'The user as whom they act.';
comment on column identity.impersonations.reason is 'Why.';
comment on column identity.impersonations.ticket_ref is 'The case it belongs to, for example SUP-1234.';
comment on column identity.impersonations.started_at is 'When it began.';
comment on column identity.impersonations.expires_at is 'When it ends at the latest.';
comment on column identity.impersonations.ended_at is 'When it ended.';
comment on constraint impersonations_actor_id_fkey on identity.impersonations is 'Whoever acts must be an existing user.';
comment on constraint impersonations_target_user_id_fkey on identity.impersonations is 'Must be an existing user.';
comment on constraint impersonations_reason_check on identity.impersonations is 'The reason must not be blank, and has at most 2,000 characters.';
comment on constraint impersonations_ticket_ref_check on identity.impersonations is 'The ticket ref must not be blank, and has at most 200 characters.';
comment on constraint impersonations_users_check on identity.impersonations is 'Nobody acts as themselves.';
comment on constraint impersonations_duration_check on identity.impersonations is 'Acting as somebody else lasts an hour at most.';
comment on constraint impersonations_ended_at_check on identity.impersonations is 'It ends after it began, and when it must at the latest.';
comment on index identity.impersonations_open_key is 'This user acts as somebody already: end that first.';
call core.install_table('identity.impersonations', 'T', 'idim');

create trigger impersonations_immutable
  before update on identity.impersonations
  for each row when (
    (old.actor_id, old.target_user_id, old.reason, old.started_at) is distinct from
      (new.actor_id, new.target_user_id, new.reason, new.started_at)
    or new.expires_at > old.expires_at
    or (old.ended_at is not null and new.ended_at is distinct from old.ended_at))
  execute function core.refuse_update(
    'impersonations_immutable_check', 'Who acted as whom, why and until when is not changed; it can be ended before its time.');

-- Notes and tasks can be meant for a role: its rows are subjects from here on.
create trigger roles_register
  after insert on identity.roles referencing new table as inserted
  for each statement execute function core.register_subjects('Role');
create trigger roles_archive
  after update of deleted_at on identity.roles
  for each row when (old.deleted_at is distinct from new.deleted_at)
  execute function core.archive_subject('Role');
update core.entity_types
set is_registrable = true
where (table_schema, table_name) = ('identity', 'roles');
-- Past row level security, which also binds the owner of the tables.
set local role bizing_platform;
insert into core.subject_registry (biz_id, subject_type, subject_id, archived_at)
select r.biz_id, 'Role', r.id, r.deleted_at
from identity.roles r
on conflict do nothing;
reset role;
