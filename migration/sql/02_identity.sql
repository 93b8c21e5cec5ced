-- Identity: people who sign in, how they prove it, and what they may do in a tenant.

create schema identity;
comment on schema identity is
  'People who sign in, their sessions, and their memberships, roles and permissions in tenants.';

-- Users ---------------------------------------------------------------------------------------------------------

create domain identity.kyc_level as text
  constraint kyc_level_check check (value in ('none', 'basic', 'verified'));
comment on domain identity.kyc_level is
  'How well the platform knows who a person is.
none: nothing was checked.
basic: mail address or telephone number was confirmed.
verified: an official document was checked.';
comment on constraint kyc_level_check on domain identity.kyc_level is 'Not a known level of verification.';

create domain identity.user_status as text
  constraint user_status_check check (value in ('active', 'locked', 'closed'));
comment on domain identity.user_status is
  'Whether a person can sign in.
active: yes.
locked: not until the platform unlocks the account.
closed: no more, the person left.';
comment on constraint user_status_check on domain identity.user_status is 'Not a known status of a user.';

create table identity.users (
  id uuid not null,
  full_name text not null,
  email_normalized text,
  phone_e164 text,
  locale core.locale not null default 'en',
  timezone text,
  status identity.user_status not null default 'active',
  kyc_level identity.kyc_level not null default 'none',
  kyc_data_enc bytea,
  preferences jsonb not null default '{}',
  version integer not null default 1,
  updated_by uuid default nullif(current_setting('app.user_id', true), '')::uuid,
  deleted_at timestamptz,
  constraint users_pkey primary key (id),
  constraint users_full_name_check check (btrim(full_name) <> '' and length(full_name) <= 200),
  constraint users_email_normalized_check check (
    email_normalized = lower(email_normalized)
    and email_normalized ~ '^[^@\s]+@[^@\s]+$'
    and length(email_normalized) <= 254
  ),
  constraint users_phone_e164_check check (phone_e164 ~ '^\+[1-9][0-9]{6,14}$'),
  constraint users_reachable_check check (num_nonnulls(email_normalized, phone_e164) > 0 or deleted_at is not null),
  constraint users_preferences_check check (jsonb_typeof(preferences) = 'object'),
  constraint users_timezone_fkey foreign key (timezone) references core.timezones (name)
);
create unique index users_email_normalized_key on identity.users (email_normalized) where deleted_at is null;
create unique index users_phone_e164_key on identity.users (phone_e164) where deleted_at is null;
comment on table identity.users is
  'A person who can sign in, once for all tenants that the person works for or books with.';
comment on column identity.users.full_name is 'Name as the person writes it.';
comment on column identity.users.email_normalized is 'Mail address in lower case and Unicode form C; the usual name at sign-in.';
comment on column identity.users.phone_e164 is 'Telephone number with country code, for example +351912345678.';
comment on column identity.users.locale is 'The language in which the person is addressed.';
comment on column identity.users.timezone is 'The time zone in which times are shown to the person; empty for that of the place.';
comment on column identity.users.status is 'Whether the person can sign in.';
comment on column identity.users.kyc_level is 'How well the platform knows who the person is.';
comment on column identity.users.kyc_data_enc is 'What was shown as proof, sealed by the server.';
comment on column identity.users.preferences is 'Choices about the screen and notices, by name.';
comment on column identity.users.version is
  'Goes up by one with every change. An update names the version it was based on and is refused where another came between.';
comment on column identity.users.updated_by is 'The user who last changed the row; empty where the system did.';
comment on column identity.users.deleted_at is 'When the account was removed; its mail address and telephone number are free again.';
comment on index identity.users_email_normalized_key is 'There is already an account with this mail address.';
comment on index identity.users_phone_e164_key is 'There is already an account with this telephone number.';
comment on constraint users_full_name_check on identity.users is 'The name must not be blank, and has at most 200 characters.';
comment on constraint users_email_normalized_check on identity.users is 'This is not a mail address in lower case.';
comment on constraint users_phone_e164_check on identity.users is
  'A telephone number is written with country code and digits only, such as +351912345678.';
comment on constraint users_reachable_check on identity.users is 'An account has a mail address or a telephone number.';
comment on constraint users_preferences_check on identity.users is 'Preferences are an object of choices by name.';
call core.install_table('identity.users', 'G', 'usr');

create domain identity.identity_provider as text
  constraint identity_provider_check check (value in ('password', 'google', 'apple', 'phone', 'saml', 'oidc'));
comment on domain identity.identity_provider is
  'Who vouches for a person at sign-in.
password: the person knows a password kept here.
google: an account at Google.
apple: an account at Apple.
phone: a code sent to a telephone number.
saml: the employer''s directory, by SAML.
oidc: another OpenID Connect provider.';
comment on constraint identity_provider_check on domain identity.identity_provider is 'Not a known way to sign in.';

create table identity.user_identities (
  id uuid not null,
  user_id uuid not null,
  provider identity.identity_provider not null,
  provider_subject text not null,
  secret_phc text,
  last_used_at timestamptz,
  constraint user_identities_pkey primary key (id),
  constraint user_identities_provider_subject_key unique (provider, provider_subject),
  constraint user_identities_provider_subject_check check (
    btrim(provider_subject) <> '' and length(provider_subject) <= 255
  ),
  constraint user_identities_secret_check check ((provider = 'password') = (secret_phc is not null)),
  constraint user_identities_secret_phc_check check (secret_phc ~ '^\$(argon2id|2[aby])\$'),
  constraint user_identities_user_id_fkey foreign key (user_id) references identity.users (id)
);
create unique index user_identities_password_key on identity.user_identities (user_id) where provider = 'password';
comment on table identity.user_identities is
  'One way in which a user proves to be that user. Only the platform reads it.';
comment on column identity.user_identities.user_id is 'The user who is let in.';
comment on column identity.user_identities.provider is 'Who vouches.';
comment on column identity.user_identities.provider_subject is
  'The user''s id there, which never changes; for a password, the id of the user here.';
comment on column identity.user_identities.secret_phc is
  'The password as an Argon2id digest in PHC form, with its parameters. Imported bcrypt digests are replaced at the next sign-in.';
comment on column identity.user_identities.last_used_at is 'When the user last came in this way.';
comment on constraint user_identities_provider_subject_key on identity.user_identities is
  'This account of the provider belongs to a user already.';
comment on constraint user_identities_provider_subject_check on identity.user_identities is
  'The id at the provider must not be blank, and has at most 255 characters.';
comment on constraint user_identities_secret_check on identity.user_identities is
  'A password has a digest, and no other way to sign in has one.';
comment on constraint user_identities_secret_phc_check on identity.user_identities is
  'A password is kept as an Argon2id or bcrypt digest.';
comment on index identity.user_identities_password_key is 'A user has one password.';
call core.install_table('identity.user_identities', 'G', 'uid', 'UserIdentity');

create domain identity.revoke_reason as text
  constraint revoke_reason_check check (
    value in ('signed_out', 'signed_out_elsewhere', 'token_reused', 'password_changed', 'member_removed', 'by_platform')
  );
comment on domain identity.revoke_reason is
  'Why a session was ended before its time.
signed_out: the user signed out.
signed_out_elsewhere: the user ended it from another device.
token_reused: a refresh token that had been exchanged came again, so one of two holders stole it.
password_changed: the password was changed.
member_removed: the user lost the membership that the session was for.
by_platform: the platform ended it.';
comment on constraint revoke_reason_check on domain identity.revoke_reason is 'Not a known reason to end a session.';

create table identity.sessions (
  id uuid not null,
  user_id uuid not null,
  family_id uuid not null,
  generation integer not null default 1,
  refresh_token_hash bytea not null,
  active_biz_id uuid,
  user_agent text,
  ip text,
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  rotated_at timestamptz,
  replaced_by_id uuid,
  revoked_at timestamptz,
  revoke_reason identity.revoke_reason,
  created_at timestamptz not null default now(),
  constraint sessions_pkey primary key (id),
  constraint sessions_refresh_token_hash_key unique (refresh_token_hash),
  constraint sessions_family_generation_key unique (family_id, generation),
  constraint sessions_replaced_by_key unique (replaced_by_id),
  constraint sessions_generation_check check (generation > 0),
  constraint sessions_refresh_token_hash_check check (octet_length(refresh_token_hash) = 32),
  constraint sessions_user_agent_check check (length(user_agent) <= 500),
  constraint sessions_ip_check check (ip ~ '^[0-9a-fA-F:.]{2,45}$'),
  constraint sessions_expires_at_check check (expires_at > created_at),
  constraint sessions_rotated_check check (num_nonnulls(rotated_at, replaced_by_id) <> 1),
  constraint sessions_replaced_by_check check (replaced_by_id <> id),
  constraint sessions_revoked_check check (num_nonnulls(revoked_at, revoke_reason) <> 1),
  constraint sessions_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint sessions_active_biz_id_fkey foreign key (active_biz_id) references core.bizes (id),
  constraint sessions_replaced_by_id_fkey foreign key (replaced_by_id) references identity.sessions (id)
    deferrable initially deferred
);
create unique index sessions_family_current_key on identity.sessions (family_id)
  where rotated_at is null and revoked_at is null;
create index sessions_expires_at_idx on identity.sessions (expires_at);
comment on table identity.sessions is
  'One refresh token of a device that is signed in. Refreshing exchanges it for the next of its family; a token that comes again after its exchange was stolen, and ends the family.';
comment on column identity.sessions.user_id is 'Who is signed in.';
comment on column identity.sessions.family_id is
  'The same for all tokens that came from one sign-in: what a person calls a session.';
comment on column identity.sessions.generation is 'The first token of a family is 1, each exchange adds one.';
comment on column identity.sessions.refresh_token_hash is 'SHA-256 of the token; the token itself is kept nowhere.';
comment on column identity.sessions.active_biz_id is 'The tenant that access tokens are made out for; empty before one is chosen.';
comment on column identity.sessions.user_agent is 'What the device said of itself.';
comment on column identity.sessions.ip is 'The network address the token was given to.';
comment on column identity.sessions.last_seen_at is 'When the device last signed in, refreshed, or changed tenant.';
comment on column identity.sessions.expires_at is 'After this the token cannot be exchanged.';
comment on column identity.sessions.rotated_at is 'When the token was exchanged; empty for the current one.';
comment on column identity.sessions.replaced_by_id is 'The token it was exchanged for.';
comment on column identity.sessions.revoked_at is 'When the session was ended before its time.';
comment on column identity.sessions.revoke_reason is 'Why it was ended.';
comment on constraint sessions_refresh_token_hash_key on identity.sessions is 'This token exists already.';
comment on constraint sessions_family_generation_key on identity.sessions is 'This token was exchanged already.';
comment on constraint sessions_replaced_by_key on identity.sessions is 'A token replaces one other.';
comment on constraint sessions_generation_check on identity.sessions is 'Generations count from 1.';
comment on constraint sessions_refresh_token_hash_check on identity.sessions is 'The digest of a token has 32 bytes.';
comment on constraint sessions_user_agent_check on identity.sessions is 'The description of a device has at most 500 characters.';
comment on constraint sessions_ip_check on identity.sessions is 'This is not a network address.';
comment on constraint sessions_expires_at_check on identity.sessions is 'A session lasts for a while.';
comment on constraint sessions_rotated_check on identity.sessions is 'A token that was exchanged names the one that replaced it.';
comment on constraint sessions_replaced_by_check on identity.sessions is 'A token is not exchanged for itself.';
comment on constraint sessions_revoked_check on identity.sessions is 'A session that was ended says why.';
comment on index identity.sessions_family_current_key is 'A family has one current token.';
call core.install_table('identity.sessions', 'G', 'ses');

-- Memberships ---------------------------------------------------------------------------------------------------

create domain identity.member_status as text
  constraint member_status_check check (value in ('invited', 'active', 'suspended', 'removed'));
comment on domain identity.member_status is
  'Whether a user works in a tenant.
invited: asked, has not answered.
active: yes.
suspended: not for now, everything is kept.
removed: no more.';
comment on constraint member_status_check on domain identity.member_status is 'Not a known status of a member.';

create table identity.members (
  biz_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  invited_by_id uuid,
  default_location_id uuid,
  title text,
  status identity.member_status not null default 'invited',
  joined_at timestamptz,
  deleted_at timestamptz,
  constraint members_pkey primary key (biz_id, id),
  constraint members_user_id_key unique (biz_id, user_id),
  constraint members_title_check check (btrim(title) <> '' and length(title) <= 200),
  constraint members_archived_check check (deleted_at is null or status = 'removed'),
  constraint members_user_id_fkey foreign key (user_id) references identity.users (id),
  constraint members_invited_by_id_fkey foreign key (invited_by_id) references identity.users (id),
  constraint members_default_location_id_fkey
    foreign key (biz_id, default_location_id) references core.locations (biz_id, id)
);
comment on table identity.members is
  'A user inside a tenant. What the member may do comes from roles; where, from the locations of the member.';
comment on column identity.members.user_id is 'Who.';
comment on column identity.members.invited_by_id is 'The user who asked this one to join.';
comment on column identity.members.default_location_id is 'The location shown first after signing in.';
comment on column identity.members.title is 'Position, for example front office manager.';
comment on column identity.members.status is 'Whether the user works here.';
comment on column identity.members.joined_at is 'When the membership was first taken up.';
comment on constraint members_user_id_key on identity.members is 'This user is a member already.';
comment on constraint members_title_check on identity.members is 'The title must not be blank, and has at most 200 characters.';
comment on constraint members_archived_check on identity.members is 'A member is removed before being archived.';
comment on constraint members_invited_by_id_fkey on identity.members is 'Must be an existing user.';
call core.install_table('identity.members', 'M', 'mbr', registrable => true);
insert into core.state_transitions (machine, from_status, to_status, requires_reason)
values
  ('member', 'invited', 'active', false),
  ('member', 'invited', 'removed', false),
  ('member', 'active', 'suspended', true),
  ('member', 'suspended', 'active', false),
  ('member', 'active', 'removed', false),
  ('member', 'suspended', 'removed', false),
  ('member', 'removed', 'invited', false);
call core.install_state_machine('identity.members', 'status', 'member');

create table identity.member_locations (
  biz_id uuid not null,
  member_id uuid not null,
  location_id uuid not null,
  constraint member_locations_pkey primary key (biz_id, member_id, location_id),
  constraint member_locations_member_id_fkey foreign key (biz_id, member_id) references identity.members (biz_id, id),
  constraint member_locations_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id)
);
comment on table identity.member_locations is
  'A location that a member works at. A member with none works at all of them.';
comment on column identity.member_locations.member_id is 'The member.';
comment on column identity.member_locations.location_id is 'A location where the member works.';
comment on constraint member_locations_pkey on identity.member_locations is 'The member works at this location already.';
call core.install_table('identity.member_locations', 'L', null);

-- Who is visible: a user to that user, and to a tenant its members. The members' own policy narrows them to the
-- tenant, and asks nothing of users, so there is no circle. People change their own profile; all else is the platform's.
alter table identity.users enable row level security;
alter table identity.users force row level security;
create policy app_visible on identity.users as permissive for select to bizing_app
  using (
    id = (select nullif(current_setting('app.user_id', true), '')::uuid)
    or exists (
      select
      from identity.members m
      where m.user_id = users.id
        and m.biz_id = (select nullif(current_setting('app.biz_id', true), '')::uuid)
    )
  );
create policy app_own on identity.users as permissive for update to bizing_app
  using (id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy platform on identity.users as permissive for all to bizing_platform using (true) with check (true);
grant update (full_name, locale, timezone, preferences, version, updated_at, updated_by) on identity.users to bizing_app;

alter table identity.user_identities enable row level security;
alter table identity.user_identities force row level security;
create policy platform on identity.user_identities as permissive for all to bizing_platform
  using (true) with check (true);
revoke all on identity.user_identities from bizing_app;

alter table identity.sessions enable row level security;
alter table identity.sessions force row level security;
create policy app_own on identity.sessions as permissive for all to bizing_app
  using (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid))
  with check (user_id = (select nullif(current_setting('app.user_id', true), '')::uuid));
create policy platform on identity.sessions as permissive for all to bizing_platform using (true) with check (true);
grant update (revoked_at, revoke_reason, updated_at) on identity.sessions to bizing_app;

-- Roles and permissions -----------------------------------------------------------------------------------------

create domain identity.permission_risk as text
  constraint permission_risk_check check (value in ('low', 'medium', 'high'));
comment on domain identity.permission_risk is
  'How much harm a permission can do in the wrong hands.
low: reading, and daily work that is easily undone.
medium: changes that customers or the books notice.
high: money out, personal data, or the power to give permissions.';
comment on constraint permission_risk_check on domain identity.permission_risk is 'Not a known risk.';

create domain identity.permission_scope as text
  constraint permission_scope_check check (value in ('own', 'location', 'all'));
comment on domain identity.permission_scope is
  'On which rows of a tenant a permission may be used. Having none is having no row.
own: what the member made, or is assigned to.
location: what belongs to the locations of the member.
all: everything.';
comment on constraint permission_scope_check on domain identity.permission_scope is 'Not a known scope of a permission.';

create table identity.permissions (
  code text not null,
  description text not null,
  risk identity.permission_risk not null default 'low',
  constraint permissions_pkey primary key (code),
  constraint permissions_code_check check (code ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(code) <= 100),
  constraint permissions_description_check check (btrim(description) <> '')
);
comment on table identity.permissions is
  'Something that can be allowed. The server enters all that it knows when it migrates.';
comment on column identity.permissions.code is 'Context and action, for example booking.cancel.';
comment on column identity.permissions.description is 'What it allows, in a sentence.';
comment on column identity.permissions.risk is 'How much harm it can do in the wrong hands.';
comment on constraint permissions_code_check on identity.permissions is
  'A permission is written context.action, in lower snake case, with at most 100 characters.';
comment on constraint permissions_description_check on identity.permissions is 'A permission says what it allows.';
call core.install_table('identity.permissions', 'G', null);

create table identity.roles (
  biz_id uuid not null,
  id uuid not null,
  code text not null,
  name text not null,
  description text,
  is_system boolean not null default false,
  constraint roles_pkey primary key (biz_id, id),
  constraint roles_code_check check (code ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint roles_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint roles_description_check check (length(description) <= 10000)
);
comment on table identity.roles is 'A named set of permissions that members of a tenant are given.';
comment on column identity.roles.code is 'Short name that rules refer to, for example owner or front_desk.';
comment on column identity.roles.name is 'Name that staff read.';
comment on column identity.roles.description is 'What the role is for.';
comment on column identity.roles.is_system is
  'Whether the tenant was provisioned with it: it can be given, but neither renamed nor archived.';
comment on constraint roles_code_check on identity.roles is
  'A role code is lower snake case, with at most 63 characters.';
comment on constraint roles_name_check on identity.roles is 'The name must not be blank, and has at most 200 characters.';
comment on constraint roles_description_check on identity.roles is 'The description has at most 10000 characters.';
call core.install_table('identity.roles', 'M', 'rol');
create unique index roles_code_key on identity.roles (biz_id, code) where deleted_at is null;
comment on index identity.roles_code_key is 'Another role has this code.';

create function identity.refuse_system_role_change()
  returns trigger
  language plpgsql
as $$
begin
  raise exception using
    errcode = '23514',
    message = 'A role of the system keeps its code and is not archived.',
    schema = tg_table_schema,
    table = tg_table_name,
    constraint = 'roles_system_check';
end
$$;
comment on function identity.refuse_system_role_change() is 'Refuses to rename or archive a role that rules refer to.';
create trigger roles_system
  before update on identity.roles
  for each row
  when (
    old.is_system
    and (
      new.code <> old.code
      or new.deleted_at is distinct from old.deleted_at
      or not new.is_system
    )
  )
  execute function identity.refuse_system_role_change();

create table identity.role_permissions (
  biz_id uuid not null,
  role_id uuid not null,
  permission_code text not null,
  scope identity.permission_scope not null default 'all',
  limit_minor bigint,
  currency char(3),
  constraint role_permissions_pkey primary key (biz_id, role_id, permission_code),
  constraint role_permissions_limit_check check (limit_minor >= 0),
  constraint role_permissions_limit_currency_check check (num_nonnulls(limit_minor, currency) <> 1),
  constraint role_permissions_role_id_fkey foreign key (biz_id, role_id) references identity.roles (biz_id, id),
  constraint role_permissions_permission_code_fkey
    foreign key (permission_code) references identity.permissions (code),
  constraint role_permissions_currency_fkey foreign key (currency) references core.currencies (code)
);
comment on table identity.role_permissions is 'A permission that a role gives.';
comment on column identity.role_permissions.role_id is 'The role.';
comment on column identity.role_permissions.permission_code is 'The permission it gives.';
comment on column identity.role_permissions.scope is 'On which rows the permission may be used.';
comment on column identity.role_permissions.limit_minor is
  'The largest amount it may be used for at a time, in minor units, such as a refund; empty where there is no limit.';
comment on column identity.role_permissions.currency is 'The currency of the limit.';
comment on constraint role_permissions_pkey on identity.role_permissions is 'The role has this permission already.';
comment on constraint role_permissions_limit_check on identity.role_permissions is 'A limit is not negative.';
comment on constraint role_permissions_limit_currency_check on identity.role_permissions is
  'A limit and its currency are given together.';
call core.install_table('identity.role_permissions', 'L', null);

create table identity.member_roles (
  biz_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  role_id uuid not null,
  location_id uuid,
  constraint member_roles_pkey primary key (biz_id, id),
  constraint member_roles_member_id_role_id_location_id_key
    unique nulls not distinct (biz_id, member_id, role_id, location_id),
  constraint member_roles_member_id_fkey foreign key (biz_id, member_id) references identity.members (biz_id, id),
  constraint member_roles_role_id_fkey foreign key (biz_id, role_id) references identity.roles (biz_id, id),
  constraint member_roles_location_id_fkey foreign key (biz_id, location_id) references core.locations (biz_id, id)
);
comment on table identity.member_roles is 'A role that a member has, everywhere or at one location.';
comment on column identity.member_roles.member_id is 'The member.';
comment on column identity.member_roles.role_id is 'The role.';
comment on column identity.member_roles.location_id is 'The only location where the role counts; empty where it counts everywhere.';
comment on constraint member_roles_member_id_role_id_location_id_key on identity.member_roles is
  'The member has this role already.';
call core.install_table('identity.member_roles', 'L', 'mro');

create function identity.keep_an_owner()
  returns trigger
  language plpgsql
as $$
declare
  tenant constant uuid := old.biz_id;
begin
  -- Two owners who leave at once would each count on the other: one after the other, each with a fresh look.
  perform pg_advisory_xact_lock(hashtextextended(format('identity.owners %s', tenant), 0));
  if exists (
    select
    from core.bizes b
    where b.id = tenant
      and b.status not in ('closing', 'closed')
  ) and not exists (
    select
    from identity.member_roles mr
    join identity.roles r on r.biz_id = mr.biz_id and r.id = mr.role_id
    join identity.members m on m.biz_id = mr.biz_id and m.id = mr.member_id
    where mr.biz_id = tenant
      and mr.location_id is null
      and r.code = 'owner'
      and r.deleted_at is null
      and m.status = 'active'
      and m.deleted_at is null
  ) then
    raise exception using
      errcode = '23514',
      message = 'The last owner cannot leave: make someone else an owner first.',
      schema = tg_table_schema,
      table = tg_table_name,
      constraint = tg_name;
  end if;
  return null;
end
$$;
comment on function identity.keep_an_owner() is
  'At the end of a transaction that took an owner away: one active owner must be left, unless the tenant is closing.';
create constraint trigger members_last_owner_check
  after update of status, deleted_at on identity.members
  deferrable initially deferred
  for each row
  when (old.status = 'active' and (new.status <> 'active' or new.deleted_at is not null))
  execute function identity.keep_an_owner();
comment on constraint members_last_owner_check on identity.members is
  'The last owner cannot leave: make someone else an owner first.';
create constraint trigger member_roles_last_owner_check
  after delete on identity.member_roles
  deferrable initially deferred
  for each row
  execute function identity.keep_an_owner();
comment on constraint member_roles_last_owner_check on identity.member_roles is
  'The last owner cannot leave: make someone else an owner first.';

-- Invitations ---------------------------------------------------------------------------------------------------

create domain identity.invitation_status as text
  constraint invitation_status_check check (value in ('pending', 'accepted', 'revoked', 'expired'));
comment on domain identity.invitation_status is
  'What became of an invitation.
pending: sent, not yet answered.
accepted: taken up.
revoked: taken back by the tenant.
expired: not taken up in time.';
comment on constraint invitation_status_check on domain identity.invitation_status is 'Not a known status of an invitation.';

create table identity.invitations (
  biz_id uuid not null,
  id uuid not null,
  role_id uuid not null,
  invited_by_id uuid,
  email text not null,
  token_hash bytea not null,
  status identity.invitation_status not null default 'pending',
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by_id uuid,
  created_at timestamptz not null default now(),
  constraint invitations_pkey primary key (biz_id, id),
  constraint invitations_email_check check (
    email = lower(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254
  ),
  constraint invitations_token_hash_check check (octet_length(token_hash) = 32),
  constraint invitations_expires_at_check check (expires_at > created_at),
  constraint invitations_accepted_check check (
    (status = 'accepted') = (accepted_at is not null) and (accepted_at is null) = (accepted_by_id is null)
  ),
  constraint invitations_role_id_fkey foreign key (biz_id, role_id) references identity.roles (biz_id, id),
  constraint invitations_invited_by_id_fkey foreign key (invited_by_id) references identity.users (id),
  constraint invitations_accepted_by_id_fkey foreign key (accepted_by_id) references identity.users (id)
);
create unique index invitations_pending_key on identity.invitations (biz_id, email) where status = 'pending';
create index invitations_token_hash_idx on identity.invitations (token_hash);
comment on table identity.invitations is 'A letter that lets whoever holds it join a tenant in a role.';
comment on column identity.invitations.role_id is 'The role that the new member gets.';
comment on column identity.invitations.invited_by_id is 'The user who sent it.';
comment on column identity.invitations.email is 'Where it was sent, in lower case.';
comment on column identity.invitations.token_hash is 'SHA-256 of the token in the letter; the token itself is kept nowhere.';
comment on column identity.invitations.status is 'What became of it.';
comment on column identity.invitations.expires_at is 'Until when it can be taken up.';
comment on column identity.invitations.accepted_at is 'When it was taken up.';
comment on column identity.invitations.accepted_by_id is 'The user who took it up, perhaps under another mail address.';
comment on constraint invitations_email_check on identity.invitations is 'This is not a mail address in lower case.';
comment on constraint invitations_token_hash_check on identity.invitations is 'The digest of a token has 32 bytes.';
comment on constraint invitations_expires_at_check on identity.invitations is 'An invitation lasts for a while.';
comment on constraint invitations_accepted_check on identity.invitations is
  'An invitation says when and by whom it was accepted, exactly when it was.';
comment on index identity.invitations_pending_key is 'An invitation to this mail address is open already.';
call core.install_table('identity.invitations', 'T', 'inv');
insert into core.state_transitions (machine, from_status, to_status, requires_reason)
values
  ('invitation', 'pending', 'accepted', false),
  ('invitation', 'pending', 'revoked', false),
  ('invitation', 'pending', 'expired', false);
call core.install_state_machine('identity.invitations', 'status', 'invitation');

create table identity.invitation_locations (
  biz_id uuid not null,
  invitation_id uuid not null,
  location_id uuid not null,
  constraint invitation_locations_pkey primary key (biz_id, invitation_id, location_id),
  constraint invitation_locations_invitation_id_fkey
    foreign key (biz_id, invitation_id) references identity.invitations (biz_id, id),
  constraint invitation_locations_location_id_fkey
    foreign key (biz_id, location_id) references core.locations (biz_id, id)
);
comment on table identity.invitation_locations is
  'A location that the new member will work at. An invitation with none is for all of them.';
comment on column identity.invitation_locations.invitation_id is 'The invitation.';
comment on column identity.invitation_locations.location_id is 'A location where the new member will work.';
comment on constraint invitation_locations_pkey on identity.invitation_locations is
  'The invitation is for this location already.';
call core.install_table('identity.invitation_locations', 'L', null);

-- API keys ------------------------------------------------------------------------------------------------------

create domain identity.api_key_status as text
  constraint api_key_status_check check (value in ('active', 'rotating', 'revoked'));
comment on domain identity.api_key_status is
  'Whether an API key opens anything.
active: yes.
rotating: yes, until its successor takes over.
revoked: no more.';
comment on constraint api_key_status_check on domain identity.api_key_status is 'Not a known status of an API key.';

create table identity.api_keys (
  biz_id uuid not null,
  id uuid not null,
  replaced_by_id uuid,
  name text not null,
  key_prefix text not null,
  key_hash bytea not null,
  scopes text[] not null default '{}',
  ip_allow text[] not null default '{}',
  status identity.api_key_status not null default 'active',
  expires_at timestamptz,
  last_used_at timestamptz,
  constraint api_keys_pkey primary key (biz_id, id),
  constraint api_keys_key_prefix_key unique (biz_id, key_prefix),
  constraint api_keys_name_check check (btrim(name) <> '' and length(name) <= 200),
  constraint api_keys_key_prefix_check check (key_prefix ~ '^[A-Za-z0-9_]{4,40}$'),
  constraint api_keys_key_hash_check check (octet_length(key_hash) = 32),
  constraint api_keys_scopes_check check (array_position(scopes, null) is null and cardinality(scopes) <= 500),
  constraint api_keys_ip_allow_check check (array_position(ip_allow, null) is null and cardinality(ip_allow) <= 100),
  constraint api_keys_rotating_check check (status <> 'rotating' or num_nonnulls(replaced_by_id, expires_at) = 2),
  constraint api_keys_replaced_by_check check (replaced_by_id <> id),
  constraint api_keys_replaced_by_id_fkey foreign key (biz_id, replaced_by_id) references identity.api_keys (biz_id, id)
);
create index api_keys_key_prefix_idx on identity.api_keys (key_prefix);
comment on table identity.api_keys is 'A key by which a program, such as a BI tool, reads a tenant''s data.';
comment on column identity.api_keys.replaced_by_id is 'The key that takes over from this one.';
comment on column identity.api_keys.name is 'What it is for, for example Power BI.';
comment on column identity.api_keys.key_prefix is 'The first characters, by which people recognise a key that they can no longer see.';
comment on column identity.api_keys.key_hash is 'SHA-256 of the whole key, which was shown once and is kept nowhere.';
comment on column identity.api_keys.scopes is 'The permissions it gives, for example booking.read.';
comment on column identity.api_keys.ip_allow is
  'The networks it may be used from, in CIDR form, for example 203.0.113.0/24; empty for any.';
comment on column identity.api_keys.status is 'Whether it opens anything.';
comment on column identity.api_keys.expires_at is 'After this it opens nothing; empty where it does not expire.';
comment on column identity.api_keys.last_used_at is 'When it was last used, to within a few minutes.';
comment on constraint api_keys_key_prefix_key on identity.api_keys is 'Another key begins with these characters.';
comment on constraint api_keys_name_check on identity.api_keys is 'The name must not be blank, and has at most 200 characters.';
comment on constraint api_keys_key_prefix_check on identity.api_keys is 'A key begins with 4 to 40 letters, digits and underscores.';
comment on constraint api_keys_key_hash_check on identity.api_keys is 'The digest of a key has 32 bytes.';
comment on constraint api_keys_scopes_check on identity.api_keys is 'A key has at most 500 permissions.';
comment on constraint api_keys_ip_allow_check on identity.api_keys is 'A key names at most 100 networks.';
comment on constraint api_keys_rotating_check on identity.api_keys is
  'A key that is being replaced names its successor and the end of the overlap.';
comment on constraint api_keys_replaced_by_check on identity.api_keys is 'A key is not replaced by itself.';
call core.install_table('identity.api_keys', 'M', 'key');
insert into core.state_transitions (machine, from_status, to_status, requires_reason)
values
  ('api_key', 'active', 'rotating', false),
  ('api_key', 'active', 'revoked', false),
  ('api_key', 'rotating', 'revoked', false);
call core.install_state_machine('identity.api_keys', 'status', 'api_key');
